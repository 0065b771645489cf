/** From a file to points to learn from: which columns can be what, and what is refused. */
import { DataError } from "talweg";
import { expect, test } from "vitest";
import { dataOfColumns, readUpload, suggested } from "../../lab/panels/tableUpload.ts";

const file = (text: string): File => new File([text], "table.csv");

test("a table of zeros and ones can be learned from: inputs as numbers, the target as two classes", async () => {
  const upload = await readUpload(file("a,b,out\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n"));
  const { inputs, target } = suggested(upload);
  expect({ inputs, target }).toEqual({ inputs: [0, 1], target: 2 });
  const { data, left } = dataOfColumns(upload, inputs, target);
  expect(left).toBe(0);
  expect(data).toMatchObject({ classes: ["0", "1"], names: ["a", "b", "out"] });
  expect(data.points).toEqual([
    [0, 0, 0],
    [0, 1, 1],
    [1, 0, 1],
    [1, 1, 0],
  ]);
});

test("the same column of two whole numbers is its numbers as an input and its classes as a target", async () => {
  const upload = await readUpload(file("mark,x\n1,0.5\n2,0.25\n2,0.75\n1,1.5\n1,0.1\n"));
  expect(dataOfColumns(upload, [0], 1).data.points?.map(([mark]) => mark)).toEqual([1, 2, 2, 1, 1]);
  const { data } = dataOfColumns(upload, [1], 0);
  expect(data.points?.map(([, mark]) => data.classes?.[mark ?? -1])).toEqual(["1", "2", "2", "1", "1"]);
});

test("columns of words can only be targets, and a table of words alone is refused", async () => {
  const upload = await readUpload(file("color,x\nred,1\nblue,2\nred,3\nblue,4.5\n"));
  expect(suggested(upload)).toEqual({ inputs: [1], target: 0 });
  await expect(readUpload(file("a,b\nx,u\ny,v\nx,v\n"))).rejects.toThrow(DataError);
});
