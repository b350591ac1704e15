// @ts-check
/**
 * The report of a test run in an editor. The tests append one JSON object per line to a file while they run; it is
 * the same file in both editors, and after a crash it still tells how far they came.
 */
import { Buffer } from 'node:buffer';
import { closeSync, openSync, readSync, watch, writeFileSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/**
 * @typedef {{ event: 'suite', depth: number, title: string }
 *   | { event: 'pass', depth: number, title: string, milliseconds: number }
 *   | { event: 'skip', depth: number, title: string }
 *   | { event: 'fail', depth: number, title: string, error: string }
 *   | { event: 'note', depth: number, text: string }
 *   | { event: 'end' }} ReportEvent one line of the report
 */

/**
 * Prints what the tests append to `file`, from now on until `stop` is called.
 * @param {string} file
 */
export function followReport(file) {
  writeFileSync(file, '');
  const descriptor = openSync(file, 'r');
  const buffer = Buffer.alloc(64 * 1024);
  // A chunk may end within a character.
  const decoder = new StringDecoder();
  let rest = '';
  const counts = { passed: 0, failed: 0, ended: false };

  function readOn() {
    for (let size; (size = readSync(descriptor, buffer)) > 0;)
      rest += decoder.write(buffer.subarray(0, size));
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      /** @type {unknown} */
      const value = JSON.parse(line);
      const event = /** @type {ReportEvent} */ (value);
      if (event.event === 'pass') counts.passed += 1;
      if (event.event === 'fail') counts.failed += 1;
      if (event.event === 'end') counts.ended = true;
      else console.log(describe(event));
    }
  }

  const watcher = watch(file, readOn);
  return {
    /** Ends the following and returns what the report counts; `ended` is false if the tests never came to an end. */
    stop() {
      watcher.close();
      readOn();
      closeSync(descriptor);
      return counts;
    },
  };
}

/** @param {Exclude<ReportEvent, { event: 'end' }>} event */
function describe(event) {
  const indent = '  '.repeat(event.depth);
  switch (event.event) {
    case 'suite':
      return `${indent}${event.title}`;
    case 'pass':
      return `${indent}✓ ${event.title} (${Math.round(event.milliseconds)} ms)`;
    case 'skip':
      return `${indent}- ${event.title} (skipped)`;
    case 'fail':
      return `${indent}✗ ${event.title}\n${event.error.replaceAll(/^/gm, `${indent}    `)}`;
    case 'note':
      return `${indent}· ${event.text}`;
  }
}
