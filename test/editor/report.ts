import { appendFileSync } from 'node:fs';
import type Mocha from 'mocha';
import type { ReportEvent } from '../../scripts/editor/report.mjs';
import { environment } from './environment';

function append(event: ReportEvent): void {
  appendFileSync(environment.reportFile, `${JSON.stringify(event)}\n`);
}

/** Appends what `runner` does to the report file, which the runner outside the editor follows. */
export function reportToFile(runner: Mocha.Runner): void {
  let depth = 0;
  runner.on('suite', (suite) => {
    if (!suite.root) append({ event: 'suite', depth: depth++, title: suite.title });
  });
  runner.on('suite end', (suite) => {
    if (!suite.root) depth--;
  });
  runner.on('pass', (test) => {
    append({ event: 'pass', depth, title: test.title, milliseconds: test.duration ?? 0 });
  });
  runner.on('pending', (test) => {
    append({ event: 'skip', depth, title: test.title });
  });
  runner.on('fail', (test, error: Error) => {
    append({ event: 'fail', depth, title: test.title, error: error.stack ?? String(error) });
  });
  runner.on('end', () => {
    append({ event: 'end' });
  });
}

/** Puts a measured number into the report. */
export function note(text: string): void {
  append({ event: 'note', depth: 2, text });
}
