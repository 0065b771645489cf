/** The name that was probably meant. */
import { nearestName } from "talweg/core";
import { expect, test } from "vitest";

const names = ["price", "species", "sepal length"];

test("a slip of the fingers finds its name: a letter more, less, other or swapped, in any case", () => {
  for (const given of ["prices", "prce", "prixe", "pirce", "PRICE"])
    expect(nearestName(given, names), given).toBe("price");
  expect(nearestName("sepal_lenght", names)).toBe("sepal length");
});

test("a name more than a third of its letters away is not meant", () => {
  expect(nearestName("rice paddy", names)).toBeUndefined();
  expect(nearestName("", names)).toBeUndefined();
  expect(nearestName("price", [])).toBeUndefined();
});

test("names of more than 60 letters are not compared, since that could take as long as one likes", () => {
  const long = "a".repeat(61);
  expect(nearestName(long, [long])).toBeUndefined();
  expect(nearestName(long.slice(1), [long, long.slice(1)])).toBe(long.slice(1));
});
