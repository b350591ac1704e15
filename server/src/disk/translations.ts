import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Texts of the user interface in another language, by the English ones, as VS Code's `l10n` has them. */
export type Translations = Readonly<Record<string, string>>;

/**
 * Reads the translations for a language.
 * @param folder Where the files `bundle.l10n.LANGUAGE.json` are.
 * @param locale The language as an editor names it, say `de` or `de-AT`; where there is nothing for a region, what there is
 * for the language counts.
 * @returns Undefined where there are none, for English among others, and where the file cannot be read.
 */
export function readTranslations(folder: string, locale: string): Translations | undefined {
  // A locale names a file here, and is not to name any other.
  const name = /^[a-z]+(-[a-z\d]+)*$/.exec(locale.toLowerCase())?.[0];
  const language = name?.split('-')[0];
  if (name === undefined || language === undefined || language === 'en') return undefined;
  return readBundle(folder, name) ?? readBundle(folder, language);
}

function readBundle(folder: string, language: string): Translations | undefined {
  try {
    const read: unknown = JSON.parse(readFileSync(path.join(folder, `bundle.l10n.${language}.json`), 'utf8'));
    return typeof read === 'object' && read !== null ? (read as Translations) : undefined;
  } catch {
    return undefined;
  }
}
