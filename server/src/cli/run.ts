import { nearest } from '../languageService';
import { parseArguments, type Arguments } from './arguments';
import { check } from './check';
import { commands, program, type CommandDefinition } from './commands';
import { completionScript } from './completion';
import { explain } from './explain';
import { exposure } from './exposure';
import { fix } from './fix';
import { commandHelp, programHelp, versionLine } from './help';
import { exitCodes, UsageError, type ExitCode, type Shell } from './shell';

/**
 * Runs the program.
 * @param args What was written after its name.
 * @param shell The process.
 * @returns The exit code. Nothing is thrown for what a user can do wrong: that is told on stderr.
 */
export async function run(args: readonly string[], shell: Shell): Promise<ExitCode> {
  try {
    return await dispatch(args, shell);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    shell.err.write(`${program}: ${error.message}\n`);
    return exitCodes.failure;
  }
}

async function dispatch(args: readonly string[], shell: Shell): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined) {
    shell.err.write(programHelp());
    return exitCodes.failure;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    shell.out.write(programHelp());
    return exitCodes.clean;
  }
  if (name === '--version' || name === '-V') {
    shell.out.write(versionLine());
    return exitCodes.clean;
  }
  const command = commands.find((known) => known.name === name);
  if (!command) throw unknownCommand(name);
  const parsed = parseArguments(command, rest);
  if (parsed.has('help')) {
    shell.out.write(commandHelp(command));
    return exitCodes.clean;
  }
  if (parsed.has('version')) {
    shell.out.write(versionLine());
    return exitCodes.clean;
  }
  return perform(command, parsed, shell);
}

async function perform({ name }: CommandDefinition, args: Arguments, shell: Shell): Promise<ExitCode> {
  switch (name) {
    case 'check':
      return check(args, shell);
    case 'fix':
      return fix(args, shell);
    case 'explain':
      return explain(args, shell);
    case 'exposure':
      return exposure(args, shell);
    case 'completion':
      shell.out.write(completionScript(args.operands));
      return exitCodes.clean;
  }
}

function unknownCommand(name: string): UsageError {
  const names = commands.map((known) => known.name);
  const meant = nearest(name, names);
  const hint =
    meant === undefined ? `The commands are ${names.join(', ')}.` : `Did you mean "${program} ${meant}"?`;
  return new UsageError(
    name.startsWith('-') ? `there is no option ${name}. ${hint}` : `there is no command "${name}". ${hint}`,
  );
}
