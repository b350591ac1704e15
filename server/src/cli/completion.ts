import {
  commands,
  commonOptions,
  completionShells,
  program,
  type CommandDefinition,
  type OptionDefinition,
} from './commands';
import { UsageError } from './environment';

/**
 * The script after which a shell completes the program's commands, options and their values.
 * @param operands What was written after the command: the shell.
 * @throws {UsageError} When there is none for that shell.
 */
export function completionScript(operands: readonly string[]): string {
  const [name, ...others] = operands;
  const shell = completionShells.find((known) => known === name);
  if (!shell || others.length > 0)
    throw new UsageError(`completion takes one of the shells ${completionShells.join(', ')}.`);
  switch (shell) {
    case 'bash':
      return bashScript();
    case 'zsh':
      return zshScript();
    case 'fish':
      return fishScript();
  }
}

function allOptions({ options }: CommandDefinition): readonly OptionDefinition[] {
  return [...options, ...commonOptions];
}

function flagsOf(options: readonly OptionDefinition[]): string[] {
  return options.flatMap(({ name, short }) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]);
}

function bashScript(): string {
  const names = commands.map(({ name }) => name).join(' ');
  const cases = commands.map((command) => {
    const options = allOptions(command);
    const values = options.flatMap(({ name, value, choices, isPath }) => {
      if (value === undefined) return [];
      const words = choices?.join(' ') ?? '';
      return [`        --${name}) ${isPath ? 'return' : `words='${words}' only=1`} ;;`];
    });
    const operands = command.choices?.().join(' ');
    return `    ${command.name})
      case $option in
${[...values, `        *) [[ $current == -* ]] && words='${flagsOf(options).join(' ')}' || words='${operands ?? ''}' ;;`].join('\n')}
      esac
      ;;`;
  });
  return `# bash completion for ${program}

_airflow_token_volume() {
  local current=\${COMP_WORDS[COMP_CWORD]} option=\${COMP_WORDS[COMP_CWORD-1]} words= only=
  # Bash takes --option=value for three words.
  if [[ $current == = ]]; then
    current=
  elif [[ $option == = ]]; then
    option=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  COMPREPLY=()
  if [[ " \${COMP_WORDS[*]:1:COMP_CWORD-1} " == *' -- '* ]]; then
    : # Everything after -- is a path.
  elif (( COMP_CWORD == 1 )); then
    words='${names} ${flagsOf(commonOptions).join(' ')}'
  else
    case \${COMP_WORDS[1]} in
${cases.map((lines) => lines.replace(/^/gm, '  ')).join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}

# What the function finds nothing for is completed as a file's name.
complete -o default -F _airflow_token_volume ${program}
`;
}

function zshScript(): string {
  const cases = commands.map((command) => {
    const options = allOptions(command).map(({ name, short, value, choices, isPath, help }) => {
      const flags =
        short === undefined
          ? `'--${name}${value === undefined ? '' : '='}`
          : `'(-${short} --${name})'{-${short},--${name}}'`;
      const action = choices ? `(${choices.join(' ')})` : isPath ? '_files' : '';
      const argument = value === undefined ? '' : `:${value.toLowerCase()}:${action}`;
      return `        ${flags}[${zshText(help)}]${argument}'`;
    });
    const operands = command.choices
      ? `'1:${command.operands.toLowerCase()}:(${command.choices().join(' ')})'`
      : `'*:file:_files'`;
    return `    ${command.name})
      _arguments -s -S \\
${[...options, `        ${operands}`].join(' \\\n')}
      ;;`;
  });
  return `#compdef ${program}
# zsh completion for ${program}

_airflow_token_volume() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    '${name}:${zshText(summary)}'`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}

if [[ $funcstack[1] == _airflow_token_volume ]]; then
  _airflow_token_volume "$@"
else
  compdef _airflow_token_volume ${program}
fi
`;
}

/** A text inside single quotes of an argument to _arguments or _describe. */
function zshText(text: string): string {
  return text.replaceAll("'", "'\\''").replace(/[[\]:]/g, '\\$&');
}

function fishScript(): string {
  const start = `complete -c ${program}`;
  const lines = commands.flatMap((command) => {
    const condition = `-n '__fish_seen_subcommand_from ${command.name}'`;
    const options = allOptions(command).map(({ name, short, value, choices, isPath, help }) =>
      [
        start,
        condition,
        ...(short === undefined ? [] : [`-s ${short}`]),
        `-l ${name}`,
        ...(value === undefined ? [] : choices || !isPath ? ['-x'] : ['-r']),
        ...(choices ? [`-a '${choices.join(' ')}'`] : []),
        `-d '${fishText(help)}'`,
      ].join(' '),
    );
    const operands = command.choices ? [`${start} ${condition} -f -a '${command.choices().join(' ')}'`] : [];
    return [
      `${start} -n __fish_use_subcommand -f -a ${command.name} -d '${fishText(command.summary)}'`,
      ...operands,
      ...options,
    ];
  });
  const common = commonOptions.map(({ name, short, help }) =>
    [
      start,
      '-n __fish_use_subcommand',
      ...(short ? [`-s ${short}`] : []),
      `-l ${name} -d '${fishText(help)}'`,
    ].join(' '),
  );
  return `# fish completion for ${program}\n\n${[...common, ...lines].join('\n')}\n`;
}

function fishText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
}
