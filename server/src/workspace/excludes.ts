import picomatch from 'picomatch';

/**
 * The globs in settings such as VS Code's `files.exclude`: a map of globs to whether they count. One that only counts
 * beside another file (`{ "when": … }`) is passed over.
 * @param settings The values of such settings, as a client sends them.
 */
export function readExcludes(...settings: readonly unknown[]): string[] {
  return settings.flatMap((setting) =>
    typeof setting === 'object' && setting !== null
      ? Object.entries(setting).flatMap(([glob, counts]) => (counts === true ? [glob] : []))
      : [],
  );
}

/**
 * Makes a test out of globs.
 * @param globs Globs as in VS Code's `files.exclude`.
 * @returns Says of a path, relative to the folder that the globs are for and with slashes, whether one of them names it.
 *   What is below an excluded folder is not named by itself.
 */
export function createExcluder(globs: readonly string[]): (relative: string) => boolean {
  const tests = globs.flatMap((glob) => {
    try {
      return [picomatch(glob.replace(/^\.?\/|\/$/g, ''), { dot: true })];
    } catch {
      // A glob that is none excludes nothing.
      return [];
    }
  });
  return (relative) => tests.some((test) => test(relative));
}
