import { describeRules, severities } from '../languageService';

/** An option of a command. */
export interface OptionDefinition {
  readonly name: string;
  readonly short?: string;
  /** What stands for its value in the help; an option without one takes no value. */
  readonly value?: string;
  /** The only values that it takes. */
  readonly choices?: readonly string[];
  /** Whether its value is the path of a file. */
  readonly isPath?: boolean;
  readonly help: string;
}

/** A command, as the help and the shells' completion show it. */
export interface CommandDefinition {
  readonly name: CommandName;
  /** What stands behind the name in the help. */
  readonly operands: string;
  /** The only operands that it takes; without them it takes paths. */
  readonly choices?: () => readonly string[];
  readonly summary: string;
  /** What the help says below the options. */
  readonly details: string;
  readonly options: readonly OptionDefinition[];
}

export type CommandName = 'check' | 'fix' | 'explain' | 'stacks' | 'exposure' | 'completion';

/** The name of the program. */
export const program = 'airflow-token-volume';

/** The shells that a completion script can be printed for. */
export const completionShells = ['bash', 'zsh', 'fish'] as const;

/** The formats that findings can be printed in. */
export const checkFormats = ['text', 'json', 'sarif', 'github', 'junit'] as const;

/** What `--fail-on` takes. */
export const thresholds = [...severities, 'never'] as const;

/** The formats that an exposure can be printed in. */
export const exposureFormats = ['text', 'json', 'markdown', 'svg'] as const;

/** The formats that stacks can be listed in. */
export const stacksFormats = ['text', 'json'] as const;

/** The options that every command has, and the program itself. */
export const commonOptions: readonly OptionDefinition[] = [
  { name: 'help', short: 'h', help: 'Show help' },
  { name: 'version', short: 'V', help: 'Print the version' },
];

const chartVersion: OptionDefinition = {
  name: 'chart-version',
  value: 'VERSION',
  help: 'The version of the Airflow chart that the values are for, such as 1.21.0, whatever is pinned elsewhere',
};

const config: OptionDefinition = {
  name: 'config',
  value: 'FILE',
  isPath: true,
  help: 'Settings as YAML or JSON, instead of the nearest .airflow-token-volume.yaml (.yml, .json) above each file',
};

const stdinFilename: OptionDefinition = {
  name: 'stdin-filename',
  value: 'NAME',
  isPath: true,
  help: 'The file that standard input (-) stands for',
};

const alone: OptionDefinition = {
  name: 'alone',
  help: 'Judge each file by itself, as if it were deployed without any other',
};

const paths = `PATHS are files, folders, or - for standard input; by default the working folder. In folders every file is
looked at whose name fits the setting "files" or that is in a stack, except for what .gitignore names. A file that
is named itself is checked under any name, if it is in a stack or its top level looks like the Airflow chart's.

Files are judged in their stacks: with the values that are deployed with them, as Argo CD, Flux, Helmfile, Kustomize,
Fleet, umbrella charts, the setting "stacks" or the names of files say. "${program} stacks" lists
them. They are looked for in the Git repository that a path is in, or else in the folder.`;

/** Every command, in the order of the help. */
export const commands: readonly CommandDefinition[] = [
  {
    name: 'check',
    operands: '[PATHS…]',
    summary: 'Report findings in values files',
    details: `${paths}

Exit status: 0 when nothing is at or above the severity of --fail-on, 1 when something is or there are more
warnings than --max-warnings, 2 when the command was used wrongly or a file could not be read.`,
    options: [
      {
        name: 'format',
        value: 'FORMAT',
        choices: checkFormats,
        help: 'How to print findings (default: text)',
      },
      {
        name: 'fail-on',
        value: 'SEVERITY',
        choices: thresholds,
        help: 'The minimum severity that makes the exit status 1 (default: error)',
      },
      {
        name: 'max-warnings',
        value: 'NUMBER',
        help: 'How many warnings there may be before the exit status is 1',
      },
      alone,
      chartVersion,
      config,
      stdinFilename,
    ],
  },
  {
    name: 'fix',
    operands: '[PATHS…]',
    summary: 'Apply the safe fixes to values files',
    details: `${paths}
With - the fixed text is printed; the input as it is where there is nothing to fix or it is skipped.

Safe fixes never change who holds a token; --migrate does.

Exit status: 0 when everything was done, 1 when --diff has changes to show, 2 when the command was used wrongly
or a file could not be read or written.`,
    options: [
      {
        name: 'migrate',
        help: 'Also migrate from automatic mounting to manual token volumes',
      },
      { name: 'diff', help: 'Print what would change as a unified diff and write nothing' },
      alone,
      chartVersion,
      config,
      stdinFilename,
    ],
  },
  {
    name: 'explain',
    operands: 'CODE',
    choices: () => describeRules().map(({ code }) => code),
    summary: 'Show what a finding means and how to resolve it',
    details: 'CODE is the name of a rule, as in a finding.',
    options: [],
  },
  {
    name: 'stacks',
    operands: '[PATH]',
    summary: 'List what is deployed together, and why',
    details: `PATH is a file or folder, by default the working folder. The Git repository that it is in is searched, or else
the folder; listed are the stacks with a file at PATH or below it. A stack is an ordered list of values that
Helm merges.

Exit status: 0, also when there are none; 2 when the command was used wrongly.`,
    options: [
      {
        name: 'format',
        value: 'FORMAT',
        choices: stacksFormats,
        help: 'How to print the stacks (default: text)',
      },
      chartVersion,
      config,
    ],
  },
  {
    name: 'exposure',
    operands: 'FILE…',
    summary: 'Show which container holds which token',
    details: `FILES are laid over each other as Helm does with several -f options, the last one on top. With --stack, a single
path instead says where to look for the stack; by default it is the working folder. The formats markdown and svg are
for a pull request or a report: they also show who needs a token, and who holds one after the migration.

Exit status: 0 when Helm renders the values, 1 when the chart's schema rejects them or Helm aborts, 2 when the
command was used wrongly, a file could not be read, or some of a stack's values cannot be known.`,
    options: [
      {
        name: 'stack',
        value: 'STACK',
        isPath: true,
        help: 'The name of a stack that was found, or files with commas between them',
      },
      {
        name: 'format',
        value: 'FORMAT',
        choices: exposureFormats,
        help: 'How to print the exposure (default: text)',
      },
      chartVersion,
      config,
    ],
  },
  {
    name: 'completion',
    operands: 'SHELL',
    choices: () => completionShells,
    summary: 'Print a completion script for a shell',
    details: `SHELL is bash, zsh or fish. To have the completion in every session:

  bash   ${program} completion bash > ~/.local/share/bash-completion/completions/${program}
  zsh    ${program} completion zsh > _${program}, in a folder of $fpath
  fish   ${program} completion fish > ~/.config/fish/completions/${program}.fish`,
    options: [],
  },
];
