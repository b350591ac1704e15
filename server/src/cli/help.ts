import { version } from '../../../package.json';
import { commands, commonOptions, program, type CommandDefinition, type OptionDefinition } from './commands';

/** What the program says about itself. */
export function programHelp(): string {
  return `${program} checks service account token settings in values files of the Apache Airflow Helm chart.

Usage: ${program} COMMAND [OPTIONS]

Commands:
${columns(commands.map(({ name, operands, summary }) => [`${name} ${operands}`, summary]))}

Options:
${optionList(commonOptions)}

"${program} COMMAND --help" says more about a command.
`;
}

/** What a command says about itself. */
export function commandHelp({ name, operands, summary, details, options }: CommandDefinition): string {
  return `${summary}.

Usage: ${program} ${name} ${options.length > 0 ? '[OPTIONS] ' : ''}${operands}

Options:
${optionList([...options, ...commonOptions])}

${details}
`;
}

/** The program's name and version. */
export function versionLine(): string {
  return `${program} ${version}\n`;
}

function optionList(options: readonly OptionDefinition[]): string {
  return columns(
    options.flatMap(({ name, short, value, choices, help }) => [
      [
        `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
        help,
      ],
      ...(choices ? [['', choices.join(', ')] as const] : []),
    ]),
  );
}

function columns(rows: readonly (readonly [string, string] | readonly string[])[]): string {
  const width = Math.max(...rows.map(([left = '']) => left.length));
  return rows.map(([left = '', right = '']) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
