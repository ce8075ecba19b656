"""Files of named arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from harbor_search.errors import OperationalError
from harbor_search.store.columns import ColumnsFile, ColumnsWriter

_TYPES = ["<u1", "<i4", "<u4", "<i8", "<u8", "<f4", "<f8", ">i4"]
_columns = st.dictionaries(
    st.text(max_size=12),
    st.sampled_from(_TYPES).flatmap(lambda kind: arrays.arrays(kind, st.integers(0, 70))),
    max_size=5,
)
_in_one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def _write(path: Path, columns: dict[str, Any]) -> Path:
    path.unlink(missing_ok=True)
    with ColumnsWriter(path) as writer:
        for name, values in columns.items():
            writer.add(name, values)
    return path


@given(columns=_columns)
@_in_one_folder
def test_arrays_are_read_back_by_name(tmp_path: Path, columns: dict[str, Any]) -> None:
    read = ColumnsFile(_write(tmp_path / "columns", columns))
    assert list(read) == list(columns) and len(read) == len(columns)
    for name, values in columns.items():
        np.testing.assert_array_equal(read[name], values)
        assert read[name].dtype == values.dtype.newbyteorder("<")
        assert read[name].ctypes.data % 64 == 0
        assert not read[name].flags.writeable


def test_an_array_may_be_written_in_pieces(tmp_path: Path) -> None:
    with ColumnsWriter(tmp_path / "columns") as writer:
        writer.begin("pieces", np.uint8)
        writer.append(b"ab")
        writer.append(memoryview(b"cde"))
        writer.end()
        writer.add("next", np.array([7], np.int32))
    read = ColumnsFile(tmp_path / "columns")
    assert read["pieces"].tobytes() == b"abcde"
    assert read["next"].tolist() == [7]


def test_eight_bytes_can_be_read_behind_every_padded_array(tmp_path: Path) -> None:
    read = ColumnsFile(_write(tmp_path / "columns", {str(n): np.arange(n, dtype=np.uint8) for n in range(70)}))
    for name in read:
        assert read.padded(name).size == int(name) + 8
        assert read.padded(name)[: int(name)].tolist() == list(range(int(name)))


def test_a_missing_name_is_a_key_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        ColumnsFile(_write(tmp_path / "columns", {}))["absent"]


@given(columns=_columns, data=st.data())
@_in_one_folder
def test_a_file_truncated_anywhere_is_refused(tmp_path: Path, columns: dict[str, Any], data: st.DataObject) -> None:
    path = _write(tmp_path / "columns", columns)
    path.write_bytes(path.read_bytes()[: data.draw(st.integers(0, path.stat().st_size - 1))])
    with pytest.raises(OperationalError, match="rebuild"):
        ColumnsFile(path)


@given(columns=_columns, data=st.data())
@_in_one_folder
def test_a_changed_byte_in_the_directory_or_footer_is_detected(
    tmp_path: Path, columns: dict[str, Any], data: st.DataObject
) -> None:
    path = _write(tmp_path / "columns", columns)
    content = bytearray(path.read_bytes())
    directory = int.from_bytes(content[-24:-16], "little")
    at = data.draw(st.integers(len(content) - 24 - directory, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    with pytest.raises(OperationalError, match="damaged"):
        ColumnsFile(path)


@pytest.mark.parametrize("content", [b"", b"x", b"GIF89a" * 20])
def test_a_file_of_another_format_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(OperationalError, match="other"):
        ColumnsFile(tmp_path / "other")


def test_an_absent_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(OperationalError, match="absent.*rebuild"):
        ColumnsFile(tmp_path / "absent")


def test_a_writer_that_failed_leaves_no_file_that_can_be_read(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), ColumnsWriter(tmp_path / "columns") as writer:
        writer.add("first", np.arange(3))
        raise RuntimeError
    with pytest.raises(OperationalError):
        ColumnsFile(tmp_path / "columns")


def test_a_file_that_exists_is_not_written_over(tmp_path: Path) -> None:
    _write(tmp_path / "columns", {})
    with pytest.raises(FileExistsError):
        ColumnsWriter(tmp_path / "columns")
