# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task is given by its host, and the way from there to a Graph client."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from ansible_collections.idgov.entra.plugins.module_utils._apply.run import Run
from ansible_collections.idgov.entra.plugins.module_utils._core.clock import Clock
from ansible_collections.idgov.entra.plugins.module_utils._core.errors import (
    EntraError,
    MissingLibrary,
    OptionError,
    Refused,
    SignInError,
)
from ansible_collections.idgov.entra.plugins.module_utils._core.printable import printable
from ansible_collections.idgov.entra.plugins.module_utils._declare.declaration import Patience
from ansible_collections.idgov.entra.plugins.module_utils._entitlement.beta import BETA
from ansible_collections.idgov.entra.plugins.module_utils._graph.call import PLAIN
from ansible_collections.idgov.entra.plugins.module_utils._graph.client import GraphClient
from ansible_collections.idgov.entra.plugins.module_utils._http.session import HttpSession
from ansible_collections.idgov.entra.plugins.module_utils._options.argument_specs import VERSION_SPEC
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import (
    CONNECTION_SPEC,
    Connection,
    connection_warnings,
    resolve_connection,
    secrets_of_connection,
)
from ansible_collections.idgov.entra.plugins.module_utils._options.environment import Environment
from ansible_collections.idgov.entra.plugins.module_utils._results.shapes import Failure
from ansible_collections.idgov.entra.plugins.module_utils._signin.certificate import open_to_others
from ansible_collections.idgov.entra.plugins.module_utils._signin.choose import choose_credential
from ansible_collections.idgov.entra.plugins.module_utils._signin.credentials import Credential, secrets_of
from ansible_collections.idgov.entra.plugins.module_utils._signin.tokens import TokenSource

ResultT = TypeVar("ResultT")
# What a task returns, whichever it is.
Result = Mapping[str, Any]
# The verbosity, -vvv, at which each call to Graph is shown, and the key under which a shipped module gives these lines.
TRACING = 3
WIRE = "wire"
# The versions of Graph that can be spoken, by the option api_version.
DIALECTS = {"v1.0": PLAIN, "beta": BETA}


@dataclass(frozen=True)
class Context:
    """One task: its validated options, the environment that it sees, and what its host offers.

    ``keep_secret`` is told every secret as soon as it is known, so that the host masks it in all output;
    ``warn`` takes a sentence for the user, ``log`` a line about the progress of long work, ``trace`` a line about each
    call to Graph, from any thread. ``mask`` gives a value as the host will show it.
    """

    options: Mapping[str, Any]
    environ: Environment
    check_mode: bool
    clock: Clock
    keep_secret: Callable[[str], None]
    warn: Callable[[str], None]
    log: Callable[[str], None]
    trace: Callable[[str], None] = lambda line: None
    mask: Callable[[Any], Any] = lambda value: value


@dataclass(frozen=True)
class SignedIn:
    """A Graph client and the tokens behind it."""

    graph: GraphClient
    tokens: TokenSource
    connection: Connection

    def may_be_delegated(self) -> bool:
        """Return whether a person may be signed in; where the token cannot be read the answer is yes."""
        return self.tokens.is_delegated() is not False


@dataclass(frozen=True)
class Way:
    """The way to sign in: with what, where, and over which connections; nothing has been sent yet."""

    credential: Credential
    connection: Connection
    http: HttpSession


@contextmanager
def find_way(context: Context) -> Iterator[Way]:
    """Find out how to sign in, tell the host the secrets in it, and keep the connections until the end.

    Raises OptionError, SignInError or MissingLibrary.
    """
    connection = resolve_connection(context.options, context.environ)
    for sentence in connection_warnings(connection):
        context.warn(sentence)
    for secret in secrets_of_connection(connection):
        context.keep_secret(secret)
    credential = choose_credential(context.options, context.environ)
    for secret in secrets_of(credential):
        context.keep_secret(secret)
    loose = open_to_others(credential)
    if loose:
        context.warn(loose)
    http = HttpSession(connection)
    try:
        yield Way(credential, connection, http)
    finally:
        http.close()


def wrong_option(options: Mapping[str, Any], environ: Environment) -> OptionError | None:
    """Return the error about a value of sign-in or connection that a task with these options would raise; null where none."""
    try:
        resolve_connection(options, environ)
        choose_credential(options, environ)
    except OptionError as error:
        return error
    except SignInError:
        return None
    return None


def new_run(context: Context, signed_in: SignedIn, patience: Patience, *, stops: bool = False) -> Run:
    """Return what a run of the engine needs; with ``stops`` it sends nothing more once an item has failed."""
    return Run(
        graph=signed_in.graph,
        clock=context.clock,
        patience=patience,
        is_delegated=signed_in.may_be_delegated,
        caller_id=signed_in.tokens.object_id,
        check_mode=context.check_mode,
        stops=stops,
        is_user=signed_in.tokens.is_user,
        warn=context.warn,
        log=context.log,
    )


@contextmanager
def sign_in(context: Context, *, concurrency: int = 1) -> Iterator[SignedIn]:
    """Return a client for the task; it signs in at its first call and keeps its connections until the end.

    ``concurrency`` is how many calls may be in flight at most. Raises OptionError, SignInError or MissingLibrary.
    """
    # What comes from here on need not know what is declared.
    needed = {**VERSION_SPEC, **CONNECTION_SPEC}
    options = {name: value for name, value in context.options.items() if name in needed}
    with find_way(replace(context, options=options)) as way:
        tokens = TokenSource(way.credential, way.connection, way.http, keep_secret=context.keep_secret)
        version = str(options["api_version"])
        graph = GraphClient(
            way.http,
            way.connection,
            tokens,
            clock=context.clock,
            version=version,
            concurrency=concurrency,
            dialect=DIALECTS[version],
            trace=context.trace,
        )
        yield SignedIn(graph, tokens, way.connection)


def only_in_controller(module: str) -> Refused:
    """Return the error of a shipped module whose task runs in the controller's process only."""
    return Refused(f"{module} runs in the controller's process only", hint=f"call it as idgov.entra.{module}")


def answer(task: Callable[[], ResultT], nothing_done: Callable[[Failure], ResultT]) -> ResultT:
    """Do a task; an error becomes part of the result, beside what says that nothing was done. Raises MissingLibrary."""
    try:
        return task()
    except MissingLibrary:
        raise
    except EntraError as error:
        return nothing_done(failure(error))


def failure(error: EntraError, *, purpose: str | None = None) -> Failure:
    """Return the results of a task that failed: one sentence and all that is known of the error."""
    message = f"Could not {purpose}: {error.message}" if purpose else error.message
    if not isinstance(error, OptionError):
        message = message[:1].upper() + message[1:]
    known = error.as_result()
    facts = [f"{known['status'] or ''} {known['code']}".strip()] if known["code"] else []
    if known["request_id"]:
        facts.append(f"request id {known['request_id']}")
    shown = f" ({', '.join(facts)})" if facts else ""
    hint = f"; {error.hint}" if error.hint else ""
    return {"failed": True, "msg": printable(f"{message}{shown}{hint}."), "error": known}
