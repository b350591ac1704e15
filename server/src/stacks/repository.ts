import { directiveOf, isAirflowValues } from '../features/recognition';
import type { Part } from '../features/snapshot';
import type { FileFacts } from '../resources/deployment';
import { readFacts } from '../resources/facts';
import { parametersExcerpt } from '../resources/parameters';
import type { Stack } from '../rules/subject';
import { readValues, type ValuesDocument } from '../values/document';
import { createExcerptMemory, excerptOf, wholeFile, type Excerpt } from '../values/excerpt';
import type { Layer } from '../values/layers';
import { folderOf, nameOf, pathFrom } from './paths';
import { planStacks, resourcesIn, type FolderView, type LayerPlan, type StackPlan } from './plan';
import { mayBeOverlay, mayHaveResources } from './relevance';
import { overlaysOf } from './siblings';

/** A file of a repository, as the editor has it or as it is on disk. */
export interface RepositoryFile {
  readonly uri: string;
  /** The client's number for the version; null for a file that is not open. */
  readonly version: number | null;
  readonly values: ValuesDocument;
}

/** What the settings say about a folder of the workspace. */
export interface FolderSettings {
  /** Glob patterns of files that may hold values for the chart. */
  readonly files: readonly string[];
  /** Stacks by name: glob patterns from the folder. */
  readonly stacks: ReadonlyMap<string, readonly string[]>;
  /** Repositories that hold copies of the chart. */
  readonly chartRepositories: readonly string[];
}

/** What is known of a file beside its text. */
interface KnownFile {
  readonly file: RepositoryFile;
  /** What the resources in it say; undefined where it has none. */
  readonly facts: FileFacts | undefined;
  readonly isValues: boolean;
  readonly mayBeOverlay: boolean;
}

/** A stack with the texts of its layers. */
interface MadeStack {
  readonly layers: readonly Layer[];
  /** What each of the layers was made of. */
  readonly sources: readonly LayerPlan[];
}

/**
 * The files of one workspace folder, and the stacks that they make. It knows the names of all YAML files and the texts of
 * those that matter; who keeps it gives it the texts that it asks for.
 */
export class Repository {
  readonly folder: string;
  private settings: FolderSettings;
  private names = new Set<string>();
  private readonly files = new Map<string, KnownFile>();
  private readonly memories = new Map<string, ReturnType<typeof createExcerptMemory>>();
  private readonly missing = new Set<string>();
  private plans: readonly StackPlan[] | undefined;
  /** What plans are made of beside the deployments themselves. */
  private world: Pick<FolderView, 'uris' | 'overlays' | 'resources' | 'known'> | undefined;
  private byFile: ReadonlyMap<string, readonly StackPlan[]> = new Map();
  private made = new WeakMap<StackPlan, MadeStack>();
  private readonly parts = new Map<string, readonly Part[]>();
  private asked = new Set<string>();
  private readonly preferred = new Map<string, string>();

  /**
   * @param folder The folder's address, without a slash at its end.
   * @param settings What the settings say about it.
   */
  constructor(folder: string, settings: FolderSettings) {
    this.folder = folder;
    this.settings = settings;
  }

  /** Says whether an address is in the folder. */
  contains(uri: string): boolean {
    return pathFrom(this.folder, uri) !== undefined;
  }

  /** To be called when the settings changed. */
  configure(settings: FolderSettings): void {
    this.settings = settings;
    for (const { file } of [...this.files.values()]) this.put(file);
    this.forgetWorld();
  }

  /** Says which YAML files there are. */
  setNames(uris: Iterable<string>): void {
    this.names = new Set(uris);
    this.missing.clear();
    this.forgetWorld();
  }

  /** Takes in a file that was made, changed or opened. */
  put(file: RepositoryFile): void {
    const { uri, values } = file;
    const before = this.files.get(uri);
    const path = pathFrom(this.folder, uri) ?? uri;
    const known: KnownFile = {
      file,
      facts: this.factsOf(file, path),
      isValues: isAirflowValues(path, values, this.settings.files),
      mayBeOverlay: mayBeOverlay(values),
    };
    this.files.set(uri, known);
    this.missing.delete(uri);
    const isNew = !this.names.has(uri);
    if (isNew) this.names.add(uri);
    if (!before || isNew || isAnother(before, known)) this.forgetWorld();
    else if (before.facts || known.facts) this.forgetPlans();
  }

  private factsOf({ uri, values }: RepositoryFile, path: string): FileFacts | undefined {
    if (!mayHaveResources(path, values)) return undefined;
    return readFacts(values, path, this.memoryOf(`${uri}#facts`));
  }

  private memoryOf(name: string): ReturnType<typeof createExcerptMemory> {
    const memory = this.memories.get(name) ?? createExcerptMemory();
    this.memories.set(name, memory);
    memory.begin();
    return memory;
  }

  /** Takes out a file that is no longer there. */
  remove(uri: string): void {
    this.names.delete(uri);
    this.files.delete(uri);
    this.parts.delete(uri);
    this.memories.delete(`${uri}#facts`);
    this.forgetWorld();
  }

  /** Forgets the text of a file that is still there, since it no longer matters by itself. */
  forget(uri: string): void {
    if (!this.files.delete(uri)) return;
    this.parts.delete(uri);
    this.forgetWorld();
  }

  /** Says that a file which was asked for cannot be read. */
  cannotRead(uri: string): void {
    this.missing.add(uri);
    this.forgetPlans();
  }

  /** The file with an address, where its text is known. */
  file(uri: string): RepositoryFile | undefined {
    return this.files.get(uri)?.file;
  }

  /** The addresses of the files whose texts are known. */
  uris(): Iterable<string> {
    return this.files.keys();
  }

  /** The files whose texts are needed to go on; none once everything that matters is known. */
  wanted(): readonly string[] {
    this.stacks();
    return [...this.asked].filter((uri) => !this.files.has(uri) && !this.missing.has(uri));
  }

  /** All stacks. */
  stacks(): readonly StackPlan[] {
    if (!this.plans) {
      this.asked = new Set();
      const facts = new Map<string, FileFacts>();
      for (const [uri, known] of this.files) if (known.facts) facts.set(uri, known.facts);
      this.world ??= {
        uris: [...this.names],
        overlays: overlaysOf(this.names),
        resources: resourcesIn(facts),
        known: new WeakMap(),
      };
      this.plans = planStacks({
        uri: this.folder,
        stacks: this.settings.stacks,
        mirrors: this.settings.chartRepositories,
        ...this.world,
        facts,
        has: (uri) => this.names.has(uri),
        isValues: (uri) => this.files.get(uri)?.isValues,
        mayBeOverlay: (uri) => this.ask(uri)?.mayBeOverlay,
      });
      const byFile = new Map<string, StackPlan[]>();
      for (const plan of this.plans) {
        for (const uri of new Set(plan.layers.map((layer) => layer.uri))) {
          if (plan.layers.some((layer) => layer.kind === 'file' && layer.uri === uri)) this.ask(uri);
          byFile.set(uri, [...(byFile.get(uri) ?? []), plan]);
        }
      }
      this.byFile = byFile;
    }
    return this.plans;
  }

  private ask(uri: string): KnownFile | undefined {
    const known = this.files.get(uri);
    if (!known && this.names.has(uri)) this.asked.add(uri);
    return known;
  }

  /** The stacks that a file has a part in. */
  stacksOf(uri: string): readonly StackPlan[] {
    this.stacks();
    return this.byFile.get(uri) ?? [];
  }

  /** Says which of its stacks is to come first for a file; undefined for no certain one. */
  prefer(uri: string, name: string | undefined): void {
    if (name === undefined) this.preferred.delete(uri);
    else this.preferred.set(uri, name);
    this.parts.delete(uri);
  }

  /** The files that are layers of a stack which a file has a part in, without itself. */
  neighboursOf(uri: string): ReadonlySet<string> {
    const uris = this.stacksOf(uri).flatMap(({ layers }) => layers.map((layer) => layer.uri));
    return new Set(uris.filter((other) => other !== uri && other !== ''));
  }

  /** Every file that is a layer of a stack. */
  filesInStacks(): Iterable<string> {
    this.stacks();
    return this.byFile.keys();
  }

  /**
   * The values in a file with the stacks that they are deployed in.
   * @returns Undefined for a file in no stack: it is to be judged by itself. The same object as before while nothing
   *   in it changed.
   */
  partsOf(uri: string): readonly Part[] | undefined {
    const plans = this.stacksOf(uri);
    if (plans.length === 0) return undefined;
    const stacks = new Map<Excerpt, Stack[]>();
    const first = this.preferred.get(uri);
    for (const plan of plans.toSorted((a, b) => Number(b.name === first) - Number(a.name === first))) {
      const { layers } = this.make(plan);
      const excerpts = new Set(
        layers.flatMap((layer) => (layer.uri === uri && hasText(layer) ? [layer.excerpt] : [])),
      );
      for (const excerpt of excerpts) {
        const own = layers.findLastIndex((layer) => layer.excerpt === excerpt);
        const stack = this.stackOf(plan, layers, own);
        stacks.set(excerpt, [...(stacks.get(excerpt) ?? []), stack]);
      }
    }
    if (this.isSwitchedOff(uri)) stacks.clear();
    const parts = [...stacks].map(([excerpt, deployed]): Part => ({ excerpt, stacks: deployed }));
    const before = this.parts.get(uri);
    if (before && isSameList(before, parts, isSamePart)) return before;
    this.parts.set(uri, parts);
    return parts;
  }

  /** The layers of a stack, those that are overridden first; what cannot be known is open. */
  layersOf(plan: StackPlan): readonly Layer[] {
    return this.make(plan).layers;
  }

  /** What each of these layers was made of. */
  sourcesOf(plan: StackPlan): readonly LayerPlan[] {
    return this.make(plan).sources;
  }

  /** A comment in the file asks for silence. */
  private isSwitchedOff(uri: string): boolean {
    const known = this.files.get(uri);
    return known !== undefined && directiveOf(known.file.values) === 'disable';
  }

  private readonly stackObjects = new WeakMap<readonly Layer[], Map<number, Stack>>();

  private stackOf(plan: StackPlan, layers: readonly Layer[], own: number): Stack {
    const known = this.stackObjects.get(layers) ?? new Map<number, Stack>();
    this.stackObjects.set(layers, known);
    const isSubchart = plan.layers.some((layer) => layer.kind !== 'open' && layer.key !== undefined);
    const stack = known.get(own) ?? { name: plan.name, layers, own, release: plan.release, isSubchart };
    known.set(own, stack);
    return stack;
  }

  private make(plan: StackPlan): MadeStack {
    const known = this.made.get(plan);
    const layers: Layer[] = [];
    const sources: LayerPlan[] = [];
    for (const source of plan.layers) {
      const layer = this.layerOf(plan, source);
      if (!layer) continue;
      layers.push(layer);
      sources.push(source);
    }
    if (known && isSameList(known.layers, layers, isSameLayer)) return known;
    const made = { layers, sources };
    this.made.set(plan, made);
    return made;
  }

  private layerOf(plan: StackPlan, layer: LayerPlan): Layer | undefined {
    const { uri } = layer;
    const known = this.files.get(uri);
    const make = (excerpt: Excerpt, isOpen = false): Layer => ({
      uri,
      version: known?.file.version ?? null,
      name: this.shortName(plan, uri),
      document: excerpt.document,
      excerpt,
      isOpen,
    });
    switch (layer.kind) {
      case 'open':
        return make(nothing, true);
      case 'file': {
        if (!known) return layer.optional && !this.names.has(uri) ? undefined : make(nothing, true);
        const excerpt = this.excerptIn(this.wholeOf(known.file), uri, layer.key);
        return excerpt && make(excerpt, uri.endsWith('.gotmpl') && hasControl(excerpt));
      }
      case 'excerpt': {
        const excerpt = this.excerptIn(layer.excerpt, uri, layer.key);
        return excerpt && make(excerpt, hasControl(excerpt));
      }
      case 'parameters': {
        const { key } = layer;
        const parameters =
          key === undefined
            ? layer.parameters
            : layer.parameters.flatMap((parameter) =>
                parameter.name.startsWith(`${key}.`)
                  ? [{ ...parameter, name: parameter.name.slice(key.length + 1) }]
                  : [],
              );
        if (parameters.length === 0) return undefined;
        const excerpt = this.remember(layer, () => parametersExcerpt(parameters));
        return excerpt ? make(excerpt) : make(nothing, true);
      }
    }
  }

  private readonly remembered = new WeakMap<object, { readonly excerpt: Excerpt | undefined }>();

  private remember(key: object, make: () => Excerpt | undefined): Excerpt | undefined {
    const known = this.remembered.get(key) ?? { excerpt: make() };
    this.remembered.set(key, known);
    return known.excerpt;
  }

  private wholeOf({ values }: RepositoryFile): Excerpt {
    return this.remember(values, () => wholeFile(values)) ?? nothing;
  }

  private readonly inner = new WeakMap<Excerpt, Map<string, Excerpt | undefined>>();

  /** What an excerpt has under a key; the excerpt itself without one. */
  private excerptIn(outer: Excerpt, uri: string, key: string | undefined): Excerpt | undefined {
    if (key === undefined) return outer;
    const known = this.inner.get(outer) ?? new Map<string, Excerpt | undefined>();
    this.inner.set(outer, known);
    if (!known.has(key)) {
      const found = outer.document.find([key]);
      const memory = this.memoryOf(`${uri}#${key}`);
      known.set(key, found.state === 'set' ? excerptOf(outer, found.value, key, memory) : undefined);
    }
    return known.get(key);
  }

  /** A file's name, with its folder where another layer's file has the same name. */
  private shortName({ layers }: StackPlan, uri: string): string {
    const name = nameOf(uri);
    const isAlone = layers.every(
      (layer) => layer.uri === uri || layer.uri === '' || nameOf(layer.uri) !== name,
    );
    return isAlone || this.folder === folderOf(uri) ? name : `${nameOf(folderOf(uri))}/${name}`;
  }

  /** To be called when there are other files, settings, or resources that others refer to. */
  private forgetWorld(): void {
    this.world = undefined;
    this.forgetPlans();
  }

  private forgetPlans(): void {
    this.plans = undefined;
    this.byFile = new Map();
  }
}

/** Says whether other files may have to be seen in another way after a change of a file. */
function isAnother(before: KnownFile, after: KnownFile): boolean {
  return (
    before.isValues !== after.isValues ||
    before.mayBeOverlay !== after.mayBeOverlay ||
    isReferredTo(before.facts) ||
    isReferredTo(after.facts)
  );
}

/** Says whether the resources of a file have a say in what those of other files mean. */
function isReferredTo(facts: FileFacts | undefined): boolean {
  return (
    facts !== undefined && facts.umbrellas.length + facts.chartSources.length + facts.configMaps.length > 0
  );
}

/** The text of a layer that is not known. */
const nothing = wholeFile(readValues(''));

function hasText({ excerpt }: Layer): boolean {
  return excerpt !== nothing;
}

/** Says whether a template decides which lines are there at all. */
function hasControl({ document }: Excerpt): boolean {
  return /^[ \t]*\{\{/m.test(document.text);
}

function isSameList<T>(a: readonly T[], b: readonly T[], isSame: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((item, index) => isSame(item, b[index] as T));
}

function isSameLayer(a: Layer, b: Layer): boolean {
  return (
    a.uri === b.uri &&
    a.version === b.version &&
    a.excerpt === b.excerpt &&
    a.isOpen === b.isOpen &&
    a.name === b.name
  );
}

function isSamePart(a: Part, b: Part): boolean {
  return a.excerpt === b.excerpt && isSameList(a.stacks, b.stacks, (one, other) => one === other);
}
