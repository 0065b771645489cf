/** A value that is made when somebody asks, and again only when what it depends on is another. */

/**
 * @param depends Read on every call, so that signals in it are followed.
 * @param make    From what `depends` gave, and the value before.
 */
export function cached<D extends readonly unknown[], T>(
  depends: () => D,
  make: (d: D, last: T | undefined) => T,
): () => T {
  let last: D | undefined;
  let value: T | undefined;
  return () => {
    const now = depends();
    if (last === undefined || now.some((part, i) => part !== last![i])) {
      value = make(now, value);
      last = now;
    }
    return value as T;
  };
}
