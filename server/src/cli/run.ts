import { nearest } from '../languageService';
import { parseArguments, type Arguments } from './arguments';
import { check } from './check';
import { commands, commonOptions, program, type CommandDefinition } from './commands';
import { completionScript } from './completion';
import { explain } from './explain';
import { exposure } from './exposure';
import { fix } from './fix';
import { stacks } from './stacks';
import { commandHelp, programHelp, versionLine } from './help';
import { exitCodes, UsageError, type ExitCode, type Environment } from './environment';

/**
 * Runs the program.
 * @param args What was written after its name.
 * @param environment The process.
 * @returns The exit code. Nothing is thrown for what a user can do wrong: that is told on stderr.
 */
export async function run(args: readonly string[], environment: Environment): Promise<ExitCode> {
  try {
    return await dispatch(args, environment);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    environment.err.write(`${program}: ${error.message}\n`);
    return exitCodes.failure;
  }
}

async function dispatch(args: readonly string[], environment: Environment): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined) {
    environment.err.write(programHelp());
    return exitCodes.failure;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    const [about] = name === 'help' ? rest : [];
    environment.out.write(about === undefined ? programHelp() : commandHelp(commandOf(about)));
    return exitCodes.clean;
  }
  if (name === '--version' || name === '-V') {
    environment.out.write(versionLine());
    return exitCodes.clean;
  }
  const command = commandOf(name);
  const parsed = parseArguments(command, rest);
  if (parsed.has('help')) {
    environment.out.write(commandHelp(command));
    return exitCodes.clean;
  }
  if (parsed.has('version')) {
    environment.out.write(versionLine());
    return exitCodes.clean;
  }
  return perform(command, parsed, environment);
}

async function perform(
  { name }: CommandDefinition,
  args: Arguments,
  environment: Environment,
): Promise<ExitCode> {
  switch (name) {
    case 'check':
      return check(args, environment);
    case 'fix':
      return fix(args, environment);
    case 'explain':
      return explain(args, environment);
    case 'stacks':
      return stacks(args, environment);
    case 'exposure':
      return exposure(args, environment);
    case 'completion':
      environment.out.write(completionScript(args.operands));
      return exitCodes.clean;
  }
}

function commandOf(name: string): CommandDefinition {
  const command = commands.find((known) => known.name === name);
  if (command) return command;
  if (name.startsWith('-')) throw unknownOption(name);
  const names = commands.map((known) => known.name);
  const meant = nearest(name, names);
  const hint =
    meant === undefined ? `The commands are ${names.join(', ')}.` : `Did you mean "${program} ${meant}"?`;
  throw new UsageError(`there is no command "${name}". ${hint}`);
}

function unknownOption(flag: string): UsageError {
  const names = commonOptions.map(({ name }) => `--${name}`);
  const meant = nearest(flag, names);
  const hint = meant === undefined ? `The options are ${names.join(' and ')}` : `Did you mean ${meant}?`;
  const others = meant === undefined ? '; those of a command stand after its name.' : '';
  return new UsageError(`there is no option ${flag}. ${hint}${others}`);
}
