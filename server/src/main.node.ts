import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { Arrivals } from './arrivals';
import { startServer } from './server';

const arrivals = new Arrivals();
startServer(createConnection(ProposedFeatures.all, { messageStrategy: arrivals }), arrivals);
