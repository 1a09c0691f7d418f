"""What is tried in vain is one line for each duty: since when, how often, and why the last time."""

from datetime import timedelta

from consult.people.trouble import REASON_LENGTH_MAX, Trouble, failing


def test_a_duty_that_fails_again_keeps_its_beginning_and_tells_the_last_reason(services, clock):
    trouble = Trouble(services.vault, clock)
    began = clock.now
    trouble.note("mail", 1, "no answer")
    clock.move(minutes=5)
    trouble.note("seal", 1, "no key")
    trouble.note("mail", 2, "x" * (REASON_LENGTH_MAX + 1))
    mail, seal = failing(services.vault)
    assert (mail.duty, mail.failures, mail.since) == ("mail", 2, began)
    assert mail.reason == "x" * REASON_LENGTH_MAX
    assert (seal.duty, seal.since - began) == ("seal", timedelta(minutes=5))
    trouble.end("mail")
    assert [each.duty for each in failing(services.vault)] == ["seal"]
