import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { Arrivals } from './arrivals';
import { readTranslations } from './disk/translations';
import { startServer } from './server';
import { createClientFiles } from './workspace/clientFiles';
import { createDiskFiles } from './workspace/diskFiles';
import { createFileSystem, noFiles } from './workspace/fileSystem';

// Each key leaves some garbage behind. Left to itself, V8 lets the heap grow to several times of what is in use before
// it collects that; both numbers are read whenever it decides on a new size.
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--heap-growing-percent=10');

const arrivals = new Arrivals();
startServer(
  createConnection(ProposedFeatures.all, { messageStrategy: arrivals }),
  arrivals,
  (folders, connection, answers) =>
    createFileSystem(createDiskFiles(folders), answers ? createClientFiles(connection, folders) : noFiles),
  (locale) => readTranslations(path.join(__dirname, '..', 'l10n'), locale),
);
