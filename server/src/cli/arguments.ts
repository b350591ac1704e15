import { parseArgs } from 'node:util';
import { nearest } from '../languageService';
import { commonOptions, program, type CommandDefinition } from './commands';
import { UsageError } from './environment';

/** The arguments of a command, taken apart. */
export interface Arguments {
  readonly operands: readonly string[];
  /** Says whether an option without a value was given. */
  readonly has: (name: string) => boolean;
  /** The value of an option; undefined where it was not given. Of repeated ones the last counts. */
  readonly value: (name: string) => string | undefined;
}

/**
 * Takes the arguments of a command apart.
 * @param command The command.
 * @param args What was written after its name.
 * @throws {UsageError} For an option that the command does not have, or a value that it does not take.
 */
export function parseArguments(command: CommandDefinition, args: readonly string[]): Arguments {
  const options = [...command.options, ...commonOptions];
  // Not strict, as the errors of parseArgs speak of its own workings.
  const { tokens, positionals } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      options.map(({ name, short, value }) => [
        name,
        {
          type: value === undefined ? ('boolean' as const) : ('string' as const),
          ...(short === undefined ? {} : { short }),
        },
      ]),
    ),
  });
  const given = new Map<string, string | undefined>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const option = options.find((known) => known.name === name);
    if (!option) {
      const meant = nearest(
        name,
        options.map((known) => known.name),
      );
      throw new UsageError(
        `${program} ${command.name} has no option ${rawName}.${meant === undefined ? '' : ` Did you mean --${meant}?`}`,
      );
    }
    if (option.value === undefined && value !== undefined) throw new UsageError(`${rawName} takes no value.`);
    if (option.value !== undefined && value === undefined)
      throw new UsageError(`${rawName} needs a value: ${rawName} ${option.value}.`);
    if (option.choices && !option.choices.includes(value ?? ''))
      throw new UsageError(`${rawName} takes ${option.choices.join(', ')}, not "${value ?? ''}".`);
    given.set(name, value);
  }
  // A variable of a shell script that is not set, and not the working folder.
  if (positionals.includes('')) throw new UsageError('a path is empty.');
  return { operands: positionals, has: (name) => given.has(name), value: (name) => given.get(name) };
}

/**
 * One of several words, after the arguments were found to hold no other.
 * @param words The words that can be.
 * @param word The word, or undefined where nothing was given.
 * @param fallback What nothing stands for.
 */
export function choiceOf<const Word extends string>(
  words: readonly Word[],
  word: string | undefined,
  fallback: Word,
): Word {
  return words.find((known) => known === word) ?? fallback;
}

/**
 * A whole number.
 * @param option The option's name, for the message.
 * @param text What was given for it, if anything.
 * @throws {UsageError} When the text is no whole number from 0 on.
 */
export function countOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new UsageError(`--${option} takes a whole number, not "${text}".`);
  return Number(text);
}
