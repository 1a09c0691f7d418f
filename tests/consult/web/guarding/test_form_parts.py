"""Requests that no browser sends are answered in words, never with an error of ours."""

import pytest

from tests.builders import consultation

KIND = "multipart/form-data; boundary=x"
NAMELESS = (
    b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--\r\n",
    b'--x\r\nContent-Disposition: form-data; filename="a.pdf"\r\n\r\nx\r\n--x--\r\n',
)


@pytest.mark.parametrize("body", NAMELESS)
@pytest.mark.parametrize("path", ["/c/riverside/q/order", "/sign-in", "/receipt"])
def test_a_part_without_a_name_is_refused_in_words(services, client, path, body):
    consultation(services)
    answer = client.post(path, data=body, content_type=KIND)
    assert answer.status_code == 400
    assert "We could not read what your browser sent" in answer.text


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", 'multipart/form-data; boundary="\xff"', "\xff", "text/plain"]
)
def test_a_body_of_another_kind_is_no_form_of_ours(services, client, kind):
    consultation(services)
    answer = client.post("/c/riverside/q/order", data=b"--x\r\n\r\n\xff", content_type=kind)
    assert answer.status_code == 400
