import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
  type Stats,
} from 'node:fs';
import path from 'node:path';

/**
 * Replaces a file's content. That happens at once where it can: whoever reads it sees all of the old or all of the new
 * text. A file that has other hard links, or whose owner or group the user could not give to another file, is written
 * in place. Mode, owner and group stay, and of a symbolic link the file that it leads to is replaced.
 * @param file The file.
 * @param before What is expected to be in it.
 * @param after What shall be in it.
 * @throws {Error} When it cannot be written, or something else is in it by now; then it is left as it is.
 */
export function replaceFile(file: string, before: string, after: string): void {
  const target = realpathSync(file);
  // Renaming would replace a file that nobody is allowed to write.
  accessSync(target, constants.W_OK);
  const stats = statSync(target);
  if (stats.nlink > 1 || !replaceByRenaming(target, stats, before, after))
    writeInPlace(target, before, after);
}

/** Puts a new file in the place of another one, unless it would have another owner or group. */
function replaceByRenaming(target: string, stats: Stats, before: string, after: string): boolean {
  const draft = path.join(
    path.dirname(target),
    `.${path.basename(target)}.${randomBytes(6).toString('hex')}.tmp`,
  );
  const descriptor = openDraft(draft);
  try {
    try {
      if (!takesOwner(descriptor, stats)) {
        rmSync(draft);
        return false;
      }
      writeFileSync(descriptor, after);
      fchmodSync(descriptor, stats.mode & 0o7777);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    requireContent(readFileSync(target, 'utf8'), before);
    renameSync(draft, target);
    return true;
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Opens a new file; says that it is the folder that does not allow for it. */
function openDraft(draft: string): number {
  try {
    return openSync(draft, 'wx', 0o600);
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    throw new Error('its folder is not writable', { cause: error });
  }
}

/** Gives a file the owner and group of another one; says whether it has them then. */
function takesOwner(descriptor: number, { uid, gid }: Stats): boolean {
  try {
    fchownSync(descriptor, uid, gid);
  } catch {
    // Only root may give files away, and others may give them only to groups that they are in.
  }
  const given = fstatSync(descriptor);
  return given.uid === uid && given.gid === gid;
}

/** Writes a file over; the old text is put back when that fails half-way. */
function writeInPlace(target: string, before: string, after: string): void {
  const descriptor = openSync(target, 'r+');
  try {
    requireContent(readFileSync(descriptor, 'utf8'), before);
    try {
      overwrite(descriptor, after);
    } catch (error) {
      overwrite(descriptor, before);
      throw error;
    }
  } finally {
    closeSync(descriptor);
  }
}

function overwrite(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at, bytes.length - at, at);
  ftruncateSync(descriptor, bytes.length);
  fsyncSync(descriptor);
}

function requireContent(found: string, expected: string): void {
  if (found !== expected) throw new Error('it was changed while fix was running');
}
