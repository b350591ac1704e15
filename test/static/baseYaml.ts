/**
 * Two stand-ins for the YAML grammars that VS Code brings, built the same way and reduced to what the tests write.
 * Only their shape matters: where a rule ends, which scopes it opens, and who wins a tie.
 */

const plainKey = '[\\w./-]+';

const comment = {
  begin: '(?<=^|\\s)#',
  end: '$',
  name: 'comment.line.number-sign.yaml',
  beginCaptures: { 0: { name: 'punctuation.definition.comment.yaml' } },
};

const scalars = [
  { match: '\\G(?:true|false)(?=\\s*(?:$|[,}#]))', name: 'constant.language.boolean.yaml' },
  { match: '\\G\\d+(?=\\s*(?:$|[,}#]))', name: 'constant.numeric.integer.decimal.yaml' },
];

/** VS Code's present grammar: a state for each mapping, ended by its indentation, under a scope meta.stream.yaml. */
export const nested = {
  'source.yaml': {
    scopeName: 'source.yaml',
    patterns: [{ begin: '\\A', while: '^', patterns: [{ include: 'source.yaml.1.2' }] }],
  },
  'source.yaml.1.2': {
    scopeName: 'source.yaml.1.2',
    patterns: [
      { begin: '^|\\G', while: '^', name: 'meta.stream.yaml', patterns: [{ include: '#block-node' }] },
    ],
    repository: {
      'block-node': {
        patterns: [
          { include: '#block-mapping' },
          { include: '#block-scalar' },
          { include: '#quoted' },
          { include: '#flow-mapping' },
          { include: '#comment' },
          {
            begin: '(?=[^\\s#&])',
            end: '(?=\\s+#|\\s*$)',
            name: 'string.unquoted.plain.out.yaml',
            patterns: scalars,
          },
        ],
      },
      'block-mapping': {
        begin: `\\G( *)(?=(?:${plainKey}|"${plainKey}"):(?:\\s|$))`,
        while: '\\G(?:\\1|(?= *(?:#|$)))',
        name: 'meta.mapping.yaml',
        patterns: [
          {
            begin: '\\G(?=[\\w./-])',
            end: '(?=:(?:\\s|$))',
            name: 'meta.map.key.yaml string.unquoted.plain.yaml entity.name.tag.yaml',
          },
          {
            begin: '\\G"',
            end: '"',
            name: 'meta.map.key.yaml string.quoted.double.yaml entity.name.tag.yaml',
          },
          {
            begin: ':(?=\\s|$)',
            while: '\\G(?=\\s|$|#)',
            name: 'meta.map.value.yaml',
            patterns: [{ include: '#block-node' }],
          },
          { include: '#comment' },
        ],
      },
      'block-scalar': {
        begin: '[|>][-+]?',
        while: '\\G',
        name: 'meta.scalar.yaml',
        contentName: 'string.unquoted.block.yaml',
      },
      quoted: {
        patterns: [
          { begin: '"', end: '"', name: 'string.quoted.double.yaml' },
          { begin: "'", end: "'", name: 'string.quoted.single.yaml' },
        ],
      },
      'flow-mapping': {
        begin: '\\{',
        end: '\\}',
        name: 'meta.flow.mapping.yaml',
        patterns: [
          {
            begin: '(?=\\w)',
            end: '(?=[,}])',
            patterns: [
              {
                begin: '\\G(?=\\w)',
                end: '(?=\\s*[:,}])',
                name: 'meta.flow.map.key.yaml string.unquoted.plain.in.yaml entity.name.tag.yaml',
              },
              { include: '#flow-value' },
            ],
          },
          { begin: '"', end: '"', name: 'meta.map.key.yaml string.quoted.double.yaml entity.name.tag.yaml' },
          { include: '#flow-value' },
        ],
      },
      'flow-value': {
        begin: ':(?=[\\s{])',
        end: '(?=[,}])',
        name: 'meta.flow.pair.value.yaml',
        patterns: [
          { include: '#flow-mapping' },
          { include: '#quoted' },
          {
            begin: '(?=[^\\s,{}])',
            end: '(?=\\s*[,}])',
            name: 'string.unquoted.plain.in.yaml',
            patterns: scalars,
          },
        ],
      },
      comment,
    },
  },
} as const;

/** The grammar VS Code had before: one state for all lines, and rules that consume a key's first character. */
export const flat = {
  'source.yaml': {
    scopeName: 'source.yaml',
    patterns: [
      comment,
      {
        begin: '[|>][-+]?$',
        end: '^(?=\\S)',
        patterns: [{ begin: '^( +)', end: '^(?!\\1|\\s*$)', name: 'string.unquoted.block.yaml' }],
      },
      {
        begin: `(?=${plainKey}:(?:\\s|$))`,
        end: '(?=:(?:\\s|$))',
        patterns: [
          {
            begin: '[\\w./-]',
            end: '(?=:(?:\\s|$))',
            name: 'string.unquoted.plain.out.yaml entity.name.tag.yaml',
          },
        ],
      },
      { match: ':(?=\\s|$)', name: 'punctuation.separator.key-value.mapping.yaml' },
      { begin: '"', end: '"', name: 'string.quoted.double.yaml' },
      {
        match: '\\b(?:true|false|yes|no|on|off)(?=\\s*(?:$|[,}#]))',
        name: 'constant.language.boolean.yaml',
      },
      { begin: '[^\\s#{},:"]', end: '(?=\\s+#|\\s*[,}]|\\s*$)', name: 'string.unquoted.plain.out.yaml' },
    ],
  },
} as const;
