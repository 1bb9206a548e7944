import pytest

from basetype_benchmark.infrastructure.local.server_log import TAIL_BYTES, failure_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", None),
        ("\n \n", None),
        ("Listening for requests\n", "Listening for requests"),
        ("a\nb", "b"),
        ("FATAL:  no space\nLOG:  database system is shut down\n", "FATAL:  no space"),
        ("Error: Address already in use\n", "Error: Address already in use"),
        ("ERROR: old\n" + "LOG: fine\n" * 5, "LOG: fine"),
        ("LOG: a\nFATAL:  the database system is starting up\n", "LOG: a"),
        ("x" * 400, "x" * 300),
    ],
)
def test_the_telling_line_is_found(text, line, tmp_path):
    (tmp_path / "log").write_text(text)
    assert failure_line(tmp_path / "log") == line


def test_a_long_log_is_read_from_its_end_only(tmp_path):
    (tmp_path / "log").write_text("FATAL: old\n" + "LOG: fine\n" * TAIL_BYTES + "LOG: last\n")
    assert failure_line(tmp_path / "log") == "LOG: last"


def test_bytes_that_are_no_text_do_no_harm(tmp_path):
    (tmp_path / "log").write_bytes(b"FATAL: \xff\xfe\n")
    assert failure_line(tmp_path / "log").startswith("FATAL:")


def test_no_log_says_nothing(tmp_path):
    assert failure_line(tmp_path / "log") is None
