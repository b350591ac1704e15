import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { folderWith } from '../testing/commandLine';
import { decode, readText } from './readText';

test.each([
  ['UTF-8', Buffer.from('a: ü\r\n'), { text: 'a: ü\r\n', mark: '' }],
  ['a byte order mark', Buffer.from('\uFEFFa: 1'), { text: 'a: 1', mark: '\uFEFF' }],
  ['nothing', Buffer.from(''), { text: '', mark: '' }],
  ['Latin-1', Buffer.from('a: ü', 'latin1'), { problem: 'it is not UTF-8' }],
  ['UTF-16', Buffer.from('\uFEFFa: 1', 'utf16le'), { problem: 'it is UTF-16, and only UTF-8 is read' }],
  [
    'UTF-16, big end first',
    Buffer.from([0xfe, 0xff, 0, 0x61]),
    { problem: 'it is UTF-16, and only UTF-8 is read' },
  ],
  ['bytes', Buffer.from([0x61, 0, 0x62]), { problem: 'it is a binary file' }],
])('%s', (_, bytes, expected) => {
  expect(decode(bytes)).toEqual(expected);
});

test('what cannot be read is said in words', () => {
  const folder = folderWith({ 'values.yaml': '' });
  mkdirSync(path.join(folder, 'sub'));
  symlinkSync('circle', path.join(folder, 'circle'));
  expect(readText(path.join(folder, 'nothing.yaml'))).toEqual({ problem: 'there is no such file' });
  expect(readText(path.join(folder, 'sub'))).toEqual({ problem: 'it is a folder' });
  expect(readText(path.join(folder, 'circle'))).toEqual({ problem: 'its symbolic links lead in a circle' });
  expect(readText(path.join(folder, 'values.yaml/x'))).toEqual({ problem: 'part of its path is no folder' });
});
