import { setFlagsFromString } from 'node:v8';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { Arrivals } from './arrivals';
import { startServer } from './server';

// Each key leaves some garbage behind. Left to itself, V8 lets the heap grow to several times of what is in use before
// it collects that; both numbers are read whenever it decides on a new size.
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--heap-growing-percent=10');

const arrivals = new Arrivals();
startServer(createConnection(ProposedFeatures.all, { messageStrategy: arrivals }), arrivals);
