/** Keeps what was used of late. */

export interface Recent<Value> {
  /** What is kept under a name, else what `make` gives, which is kept from now on. */
  get(name: string, make: () => Value): Value;
}

/** @param most that are kept; whatever was not used for longest gives way. */
export function recent<Value>(most: number): Recent<Value> {
  // A map tells its entries in the order in which they were set.
  const kept = new Map<string, Value>();
  return {
    get(name, make) {
      const known = kept.get(name);
      const value = known ?? make();
      if (known !== undefined) kept.delete(name);
      kept.set(name, value);
      const [oldest] = kept.size > most ? kept.keys() : [];
      if (oldest !== undefined) kept.delete(oldest);
      return value;
    },
  };
}
