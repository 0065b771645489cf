/** A value that is made when somebody asks, and again only when what it depends on is another. */

/**
 * @param depends Read on every call, so that signals in it are followed.
 * @param make    From what `depends` gave.
 */
export function cached<D extends readonly unknown[], T>(depends: () => D, make: (d: D) => T): () => T {
  let last: D | undefined;
  let value: T;
  return () => {
    const now = depends();
    if (last === undefined || now.some((part, i) => part !== last![i])) {
      value = make(now);
      last = now;
    }
    return value;
  };
}
