import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';

/** A text as it was read. */
export interface ReadText {
  /** The text as an editor has it, without the byte order mark. */
  readonly text: string;
  /** The byte order mark, if there is one: with it before the text, the bytes are the same again. */
  readonly mark: string;
}

/** A file's text, or why there is none. */
export type ReadResult = ReadText | { readonly problem: string };

/**
 * Reads a file as UTF-8.
 * @param path The file.
 * @returns Its text; or in words what is wrong with it.
 */
export function readText(path: string): ReadResult {
  try {
    return decode(readFileSync(path));
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}

/**
 * Makes bytes into text, if they are UTF-8 and not something else.
 * @returns The text; or in words what the bytes are instead.
 */
export function decode(bytes: Buffer): ReadResult {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return { problem: 'it is UTF-16, and only UTF-8 is read' };
  if (bytes.includes(0)) return { problem: 'it is a binary file' };
  if (!isUtf8(bytes)) return { problem: 'it is not UTF-8' };
  const text = bytes.toString('utf8');
  return text.startsWith('\uFEFF') ? { text: text.slice(1), mark: '\uFEFF' } : { text, mark: '' };
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'its symbolic links lead in a circle',
  EISDIR: 'it is a folder',
  ENOTDIR: 'part of its path is no folder',
  ENAMETOOLONG: 'its name is too long',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on the device',
  EMFILE: 'too many files are open',
  ERR_STRING_TOO_LONG: 'it is too large',
  ERR_FS_FILE_TOO_LARGE: 'it is too large',
};

/** What went wrong with a file, in words that a user can act on. */
export function reasonOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  const known = typeof code === 'string' ? reasons[code] : undefined;
  return known ?? (error instanceof Error ? error.message : String(error));
}
