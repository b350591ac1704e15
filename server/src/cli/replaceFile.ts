import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/**
 * Replaces a file's content at once: whoever reads it sees all of the old or all of the new text. Its mode stays, and
 * of a symbolic link the file that it leads to is replaced.
 * @param file The file.
 * @param before What is expected to be in it.
 * @param after What shall be in it.
 * @throws {Error} When it cannot be written, or something else is in it by now; then it is left as it is.
 */
export function replaceFile(file: string, before: string, after: string): void {
  const target = realpathSync(file);
  // Renaming would replace a file that nobody is allowed to write.
  accessSync(target, constants.W_OK);
  const { mode, uid, gid } = statSync(target);
  const draft = path.join(
    path.dirname(target),
    `.${path.basename(target)}.${randomBytes(6).toString('hex')}.tmp`,
  );
  try {
    const descriptor = openSync(draft, 'wx', 0o600);
    try {
      writeFileSync(descriptor, after);
      keepOwner(descriptor, uid, gid);
      fchmodSync(descriptor, mode & 0o7777);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (readFileSync(target, 'utf8') !== before) throw new Error('it was changed by somebody else meanwhile');
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Gives a file the owner of the one that it replaces, where the user is allowed to. */
function keepOwner(descriptor: number, uid: number, gid: number): void {
  try {
    fchownSync(descriptor, uid, gid);
  } catch {
    // Only root may give files away; the file then belongs to who wrote it.
  }
}
