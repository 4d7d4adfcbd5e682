/** Vite's manifest: which built files an entry of vite.config.ts needs. https://vite.dev/guide/backend-integration */

/** One chunk of the manifest; the keys are source paths, `imports` names keys. */
interface Chunk {
  readonly file: string;
  readonly name?: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

export type Manifest = Readonly<Record<string, Chunk>>;

/** Addresses on our origin, in the order a page should name them. */
export interface Entry {
  readonly script: string;
  readonly styles: readonly string[];
  /** What the script imports at once; a `modulepreload` of each saves a round trip. */
  readonly preloads: readonly string[];
}

/** The files of the entry called `name`, below the address `base`; throws when there is none. */
export function resolveEntry(manifest: Manifest, base: string, name: string): Entry {
  const entry = Object.values(manifest).find((chunk) => chunk.isEntry && chunk.name === name);
  if (entry === undefined) throw new Error(`the build has no entry named ${name}`);
  const imported = importsOf(manifest, entry);
  const styles = new Set([...imported, entry].flatMap((chunk) => chunk.css ?? []));
  return {
    script: base + entry.file,
    styles: [...styles].map((file) => base + file),
    preloads: imported.map((chunk) => base + chunk.file),
  };
}

/** Every chunk imported statically, deepest first, each once. */
function importsOf(manifest: Manifest, entry: Chunk): readonly Chunk[] {
  const seen = new Set<Chunk>();
  const visit = (chunk: Chunk): void => {
    for (const key of chunk.imports ?? []) {
      const imported = manifest[key];
      if (imported === undefined || imported === entry || seen.has(imported)) continue;
      visit(imported);
      seen.add(imported);
    }
  };
  visit(entry);
  return [...seen];
}
