import { existsSync, readFileSync } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** The rules of one `.gitignore`. */
interface IgnoreFile {
  /** The folder that the rules are about. */
  readonly folder: string;
  readonly rules: Ignore;
}

/** What the `.gitignore` files of a folder and of those above it say; the outermost first. */
export type IgnoreRules = readonly IgnoreFile[];

/** Where a folder's rules stand; what comes later counts for more. */
const sources = ['.git/info/exclude', '.gitignore'];

/** The root of the repository that a file or folder is in; undefined where it is in none. */
export function repositoryOf(entry: string): string | undefined {
  const folder = path.dirname(entry);
  if (existsSync(path.join(folder, '.git'))) return folder;
  return folder === entry ? undefined : repositoryOf(folder);
}

/**
 * The rules that hold for a folder from above: those of the repository that it is in.
 * @param folder The folder that is walked, with its full path.
 * @returns The rules of the folders above it; none where it is in no repository, or where they name the folder itself,
 *   since somebody who names an ignored folder wants to have it checked.
 */
export function rulesAbove(folder: string): IgnoreRules {
  const above: string[] = [];
  for (let current = folder; !existsSync(path.join(current, '.git'));) {
    const parent = path.dirname(current);
    if (parent === current) return [];
    above.unshift(parent);
    current = parent;
  }
  let rules: IgnoreRules = [];
  for (const [index, parent] of above.entries()) {
    rules = rulesIn(parent, rules);
    if (isIgnored(rules, above[index + 1] ?? folder, true)) return [];
  }
  return rules;
}

/** The same as {@link rulesAbove} for those who must not wait for the disk. */
export async function findRulesAbove(folder: string): Promise<IgnoreRules> {
  const above: string[] = [];
  for (let current = folder; !(await exists(path.join(current, '.git')));) {
    const parent = path.dirname(current);
    if (parent === current) return [];
    above.unshift(parent);
    current = parent;
  }
  let rules: IgnoreRules = [];
  for (const [index, parent] of above.entries()) {
    rules = await findRulesIn(parent, rules);
    if (isIgnored(rules, above[index + 1] ?? folder, true)) return [];
  }
  return rules;
}

/**
 * The rules that hold in a folder.
 * @param folder The folder, with its full path.
 * @param above The rules of the folders above it.
 */
export function rulesIn(folder: string, above: IgnoreRules): IgnoreRules {
  return withRules(
    folder,
    above,
    sources.map((name) => {
      try {
        return readFileSync(path.join(folder, name), 'utf8');
      } catch {
        return undefined;
      }
    }),
  );
}

/**
 * The same as {@link rulesIn} for those who must not wait for the disk.
 * @param names The names of what is in the folder, where they are known: then nothing is read in most folders.
 */
export async function findRulesIn(
  folder: string,
  above: IgnoreRules,
  names?: ReadonlySet<string>,
): Promise<IgnoreRules> {
  const there = names ? sources.filter((name) => names.has(name.split('/', 1).join(''))) : sources;
  if (there.length === 0) return above;
  const texts = there.map((name) => readFile(path.join(folder, name), 'utf8').catch(() => undefined));
  return withRules(folder, above, await Promise.all(texts));
}

/** Most folders have no rules, and a file that cannot be read ignores nothing. */
function withRules(folder: string, above: IgnoreRules, found: readonly (string | undefined)[]): IgnoreRules {
  // Git passes over a byte order mark as well.
  const texts = found.flatMap((text) => (text === undefined ? [] : [text.replace(/^\uFEFF/, '')]));
  if (texts.length === 0) return above;
  // Git tells the case of letters apart where the file system does.
  const ignorecase = process.platform === 'win32' || process.platform === 'darwin';
  return [...above, { folder, rules: ignore({ ignorecase }).add(texts.join('\n')) }];
}

/** Says whether a file or folder is ignored, by the innermost `.gitignore` that has something to say about it. */
export function isIgnored(rules: IgnoreRules, entry: string, isFolder: boolean): boolean {
  for (const file of rules.toReversed()) {
    const relative = path.relative(file.folder, entry).replaceAll(path.sep, '/');
    const { ignored, unignored } = file.rules.test(isFolder ? `${relative}/` : relative);
    if (ignored || unignored) return ignored;
  }
  return false;
}

function exists(entry: string): Promise<boolean> {
  return access(entry).then(
    () => true,
    () => false,
  );
}
