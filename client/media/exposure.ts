/** The program of the page "Token Exposure": shows what it is sent, and says what the user clicks on. */
import { type PageMessage, readShowMessage, readWords, type ShowMessage } from '../src/exposureMessages';
import type { ContainerView, ExposureView, StateWords, WorkloadView } from '../src/exposureView';

/** What VS Code gives to a page. */
interface Host {
  postMessage(message: PageMessage): void;
  getState(): unknown;
  setState(state: ShowMessage): void;
}

declare function acquireVsCodeApi(): Host;

const host = acquireVsCodeApi();

const words = readWords(document.body.dataset['words']);

const outline = { fill: 'none', stroke: 'currentColor', 'stroke-width': '2' };

/** The text of what is shown, to see whether anything is to be drawn anew. */
let drawn = '';
/** What is on the page. */
let revision = 0;

const file = find('file');
const choice = find('choice');
const about = find('about');
const message = find('message');
const now = find('now');
const after = find('after');
const actions = find('actions');
const workloads = find('workloads');
const stack = find('stack') as HTMLSelectElement;

stack.addEventListener('change', () => {
  host.postMessage({ type: 'choose', stack: stack.value });
});

for (const type of ['copy', 'export'] as const)
  find(type).addEventListener('click', () => {
    host.postMessage({ type });
  });

window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  const show = readShowMessage(data);
  if (!show) return;
  draw(show);
  host.setState(show);
  host.postMessage({ type: 'shown', revision: show.revision, text: document.body.innerText });
});

// Escape hides what explains a container, until the focus or the pointer comes back.
document.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape') return;
  for (const item of document.querySelectorAll('li:hover, li:focus-within')) item.classList.add('dismissed');
});

const kept = readShowMessage(host.getState());
if (kept) draw(kept);
host.postMessage({ type: 'ready' });

function find(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no ${id}.`);
  return element;
}

function draw(show: ShowMessage): void {
  revision = show.revision;
  const text = JSON.stringify(show.view);
  if (text === drawn) return;
  drawn = text;
  const { view } = show;
  setText(file, view.file ?? '');
  setText(about, view.about);
  drawChoice(view);
  setText(message, view.message ?? '');
  drawTotals(view);
  actions.hidden = !view.now;
  // The focus stays on the container that it is on.
  const focused = document.activeElement?.id;
  workloads.replaceChildren(...view.workloads.map(workloadSection));
  if (focused !== undefined && focused !== '') document.getElementById(focused)?.focus();
}

function drawChoice({ stacks }: ExposureView): void {
  choice.hidden = stacks.length === 0;
  stack.replaceChildren(
    ...stacks.map(({ name, isChosen }) => {
      const option = element('option', '', name);
      option.value = name;
      option.selected = isChosen;
      return option;
    }),
  );
}

/** These are read out when they change, and only then. */
function drawTotals(view: ExposureView): void {
  const containers = view.workloads.flatMap((workload) => workload.containers);
  for (const [place, label, totals, states] of [
    [now, words.nowLabel, view.now, containers.map((container) => container.now)],
    [after, words.afterLabel, view.after, containers.map((container) => container.after)],
  ] as const) {
    const text = totals ? `${label} ${totals.text}` : '';
    if (place.dataset['text'] !== text) {
      place.dataset['text'] = text;
      place.replaceChildren(
        ...(totals ? [element('b', '', label), ` ${totals.text}`, element('span', 'strip')] : []),
      );
    }
    const strip = place.querySelector('.strip');
    strip?.setAttribute('aria-hidden', 'true');
    strip?.replaceChildren(...states.map((state) => shape(state)));
  }
}

function workloadSection({ name, detail, containers }: WorkloadView, workload: number): HTMLElement {
  const section = element('section');
  const heading = element('h2', '', name);
  heading.id = `workload-${workload}`;
  section.setAttribute('aria-labelledby', heading.id);
  const columns = element('div', 'columns');
  // Each row says so by itself to those who do not see the columns.
  columns.setAttribute('aria-hidden', 'true');
  columns.append(...[words.container, words.now, words.after].map((title) => element('span', '', title)));
  const list = element('ul');
  list.append(...containers.map((container, index) => row(container, workload, index)));
  section.append(heading, element('p', 'detail', detail), columns, list);
  return section;
}

function row(container: ContainerView, workload: number, index: number): HTMLElement {
  const item = element('li');
  const button = element('button');
  button.type = 'button';
  button.id = `container-${workload}-${index}`;
  const why = element('span', 'why', container.why);
  why.id = `why-${workload}-${index}`;
  why.setAttribute('role', 'tooltip');
  button.setAttribute('aria-describedby', why.id);
  if (!container.opens) button.setAttribute('aria-disabled', 'true');
  const name = element('span', 'name');
  const role = element('span', container.lacks ? 'detail lacks' : 'detail', container.role);
  name.append(element('b', '', container.name), ' ', role);
  button.append(
    name,
    ' ',
    state(words.nowLabel, container.now),
    ' ',
    state(words.afterLabel, container.after),
  );
  button.addEventListener('click', () => {
    if (container.opens) host.postMessage({ type: 'open', revision, workload, container: index });
  });
  for (const event of ['pointerenter', 'focusin'])
    item.addEventListener(event, () => {
      item.classList.remove('dismissed');
    });
  item.append(button, why);
  return item;
}

function state(label: string, said: StateWords | null): HTMLElement {
  const cell = element('span', `state ${said?.state ?? 'unknown'}`);
  const text = element('span', 'text', said?.text ?? words.unknown);
  cell.append(element('span', 'label', label), ' ', shape(said), text);
  for (const detail of said?.details ?? []) cell.append(' ', element('span', 'detail', detail));
  return cell;
}

/** A triangle for a token that comes by itself, a ring with a dot for one that is asked for, an empty ring for none. */
function shape(said: StateWords | null): Element {
  const svg = drawing('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' });
  svg.classList.add('shape', said?.state ?? 'unknown');
  switch (said?.state) {
    case 'automatic':
      svg.append(drawing('path', { d: 'M8 1 15 14.5H1Z', fill: 'currentColor' }));
      break;
    case 'projected':
      svg.append(
        drawing('circle', { cx: '8', cy: '8', r: '6', ...outline }),
        drawing('circle', { cx: '8', cy: '8', r: '3', fill: 'currentColor' }),
      );
      break;
    case 'none':
      svg.append(drawing('circle', { cx: '8', cy: '8', r: '6', ...outline }));
      break;
    case undefined:
      svg.append(drawing('path', { d: 'M3 8h10', ...outline }));
  }
  return svg;
}

function setText(place: HTMLElement, text: string): void {
  if (place.textContent !== text) place.textContent = text;
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className = '',
  text = '',
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  made.textContent = text;
  return made;
}

function drawing(name: string, attributes: Readonly<Record<string, string>>): Element {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
