# Writes the five small tables that everybody knows into test/reference/tables, as CSV with their own units and class names.
# Run by /usr/bin/python3 with Debian's python3-sklearn; the files come out the same each time.
import gzip
import io
from pathlib import Path

import sklearn
from sklearn import datasets

folder = Path(__file__).resolve().parent.parent / "test/reference/tables"


def number(value):
    """The shortest text that reads as the same float64."""
    value = float(value)
    return str(int(value)) if value.is_integer() else repr(value)


def write(name, bunch, target, label, packed=False):
    names = [str(feature).removesuffix(" (cm)").replace(" ", "_") for feature in bunch.feature_names]
    lines = [",".join([*names, target])]
    for row, answer in zip(bunch.data, bunch.target):
        lines.append(",".join([*map(number, row), label(answer)]))
    text = ("\n".join(lines) + "\n").encode("utf-8")
    if packed:
        packed_bytes = io.BytesIO()
        # Without a time or a name inside, so that the same table gives the same file.
        with gzip.GzipFile(filename="", mode="wb", fileobj=packed_bytes, mtime=0) as out:
            out.write(text)
        text = packed_bytes.getvalue()
    (folder / (name + (".csv.gz" if packed else ".csv"))).write_bytes(text)
    print(f"{name}: {len(bunch.data)} rows, {len(names)} columns and {target}, {len(text)} bytes")


def named(bunch):
    return lambda answer: str(bunch.target_names[answer])


iris = datasets.load_iris()
wine = datasets.load_wine()
cancer = datasets.load_breast_cancer()
write("iris", iris, "species", named(iris))
write("wine", wine, "cultivar", named(wine))
write("breast_cancer", cancer, "diagnosis", named(cancer))
write("digits", datasets.load_digits(), "digit", number, packed=True)
# In the units of the study, not in the scaled ones that scikit-learn gives by default.
write("diabetes", datasets.load_diabetes(scaled=False), "progression", number)
print(f"scikit-learn {sklearn.__version__}")
