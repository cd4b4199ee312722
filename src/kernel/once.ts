/** What is made of a frozen object is made once, for as long as that object is there, and frozen too. */
export function once<From extends object, To extends object>(make: (from: From) => To): (from: From) => To {
  const made = new WeakMap<From, To>();
  return (from) => {
    if (!Object.isFrozen(from)) return make(from);
    const before = made.get(from);
    if (before) return before;
    const to = Object.freeze(make(from));
    made.set(from, to);
    return to;
  };
}
