# Copyright (c) 2026 idgov.entra contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host's variables say of sign-in and connection: behind the options of a task, and in front of the environment.

A host of the inventory is a tenant, so a host that says anything of its sign-in says all of it: what a credential belongs to
and the credential itself never come from two places.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.idgov.entra.plugins.module_utils._core.errors import OptionError, SignInError
from ansible_collections.idgov.entra.plugins.module_utils._core.secrets import spellings_of
from ansible_collections.idgov.entra.plugins.module_utils._options.connection import CONNECTION_SPEC
from ansible_collections.idgov.entra.plugins.module_utils._options.environment import CREDENTIAL_VARIABLES, Environment
from ansible_collections.idgov.entra.plugins.module_utils._tasks.context import wrong_option
from ansible_collections.idgov.entra.plugins.plugin_utils.masking import masked
from ansible_collections.idgov.entra.plugins.plugin_utils.values import misshapen, plain

Json = dict[str, Any]
PREFIX = "idgov_entra_"
# Each proves by itself who signs in.
_PROOFS = (
    "access_token",
    "client_secret",
    "certificate_path",
    "oidc_token",
    "oidc_token_file_path",
    "oidc_request_url",
)
_SIGN_IN = {
    *("tenant_id", "client_id", "auth_source", *_PROOFS),
    *("certificate_password", "oidc_request_token", "oidc_audience"),
}
_NOT_THERE = (None, "")
_HINT = "a host with sign-in variables takes nothing of its sign-in from the environment"


@dataclass(frozen=True)
class HostSignIn:
    """What variables add to the options of a task, by option, and whether the environment adds nothing of the sign-in."""

    options: Json
    is_whole: bool

    def behind(self, given: Mapping[str, Any]) -> Json:
        """Return the options of a task, completed by those of the variables."""
        kept = {name: value for name, value in given.items() if _option_of(name) not in self.options}
        return {**kept, **self.options}

    def environ(self, environ: Environment) -> dict[str, str]:
        """Return what the task may see of an environment."""
        hidden = CREDENTIAL_VARIABLES if self.is_whole else frozenset()
        return {name: value for name, value in environ.items() if name not in hidden}

    def blanks(self) -> dict[str, str]:
        """Return what hides the same from a module on its way to another process: an empty variable counts as unset."""
        return dict.fromkeys(sorted(CREDENTIAL_VARIABLES), "") if self.is_whole else {}

    def fault(self, options: Mapping[str, Any], environ: Environment) -> OptionError | None:
        """Return the error about a value of a variable, as the task would say it of the option; null where there is none."""
        error = wrong_option(options, self.environ(environ)) if self.options else None
        if error is None or error.option not in self.options:
            return None
        return OptionError(f"{PREFIX}{error.option}", error.what, hint=error.hint)


def host_sign_in(
    spec: Mapping[str, Json], given: Mapping[str, Any], variables: Mapping[str, Any], templar: Any
) -> HostSignIn:
    """Read what a host's variables add to the options that a task gives.

    ``spec`` is the task's, and ``given`` holds plain values. Variables are templates, which are rendered once, and only where
    they count. Raises OptionError and SignInError with the names of the variables.
    """
    named = {name: given[key] for key in given if (name := _option_of(key)) and given[key] not in _NOT_THERE}
    present = {name for name in CONNECTION_SPEC if f"{PREFIX}{name}" in variables}
    # Who gives a credential with the task means that one.
    passed_over = {*_PROOFS, "auth_source"} if _proves(named) else set()
    values = _rendered(sorted(present - passed_over), variables, templar)
    found = {name: value for name, value in values.items() if name not in named}
    _check_values(spec, found)
    is_whole = bool(_SIGN_IN & ((present & passed_over) | values.keys()))
    if is_whole:
        _check_whole({**found, **named}, values, found)
    return HostSignIn({name: value for name, value in found.items() if value not in _NOT_THERE}, is_whole)


def _option_of(key: str) -> str | None:
    """Return the option of sign-in or connection that a key stands for, by its name or an alias."""
    return next((name for name, rule in CONNECTION_SPEC.items() if key in (name, *rule.get("aliases", ()))), None)


def _proves(options: Mapping[str, Any]) -> bool:
    return any(options.get(name) for name in _PROOFS) or options.get("auth_source") in ("msi", "cli", "device_code")


def _rendered(names: Collection[str], variables: Mapping[str, Any], templar: Any) -> Json:
    """Return the values of variables, by option; one that is rendered to ``omit`` is none."""
    values: Json = {}
    for name in names:
        try:
            # In a dictionary, because from there newer versions of ansible-core leave out what is omitted by themselves.
            rendered = templar.template({name: variables[f"{PREFIX}{name}"]})
        except AnsibleError as error:
            raise OptionError(f"{PREFIX}{name}", str(error)) from None
        if name in rendered and (rendered[name] is None or rendered[name] != variables.get("omit")):
            values[name] = plain(rendered[name])
    return values


def _check_values(spec: Mapping[str, Json], found: Json) -> None:
    rules = {f"{PREFIX}{name}": {**spec[name], "aliases": []} for name in found}
    values = {f"{PREFIX}{name}": value for name, value in found.items() if value not in _NOT_THERE}
    fault = misshapen(rules, values, converting=False)
    if fault:
        variable, _dummy, what = fault.partition(": ")
        raise OptionError(variable, what)
    for variable, value in values.items():
        validation = ArgumentSpecValidator({variable: rules[variable]}).validate({variable: value})
        if validation.errors.errors:
            said = {"msg": str(validation.errors.errors[0].msg)}
            raise OptionError(variable, masked(said, spellings_of(validation._no_log_values))["msg"])


def _check_whole(options: Json, values: Json, found: Json) -> None:
    """Stop where a host's own sign-in is not complete, so that nothing else takes its place."""
    source = options.get("auth_source") or "auto"
    if source == "env":
        name = f"{PREFIX}auth_source" if "auth_source" in found else "auth_source"
        raise OptionError(name, "env is not available for a host with sign-in variables", hint=_HINT)
    if source != "auto" or options.get("access_token"):
        return
    proof = next((name for name in _PROOFS if options.get(name)), None)
    if proof is None:
        ways = ", ".join(f"{PREFIX}{name}" for name in _PROOFS)
        first = next((name for name in CONNECTION_SPEC if name in _SIGN_IN and name in values), "auth_source")
        raise SignInError(
            f"this host has {PREFIX}{first}, but no credential",
            hint=f"set one of {ways}, or {PREFIX}auth_source; {_HINT}",
        )
    shown = f"{PREFIX}{proof}" if proof in found else proof
    for name in ("tenant_id", "client_id"):
        if not options.get(name):
            raise SignInError(f"sign-in with {shown} requires {PREFIX}{name}", hint=f"set {PREFIX}{name} too; {_HINT}")
    own, other = str(values.get("client_id") or ""), str(options["client_id"])
    if proof in found and own and own.lower() != other.lower():
        # A secret belongs to one application.
        raise SignInError(
            f"the task names the application {other}, but {shown} belongs to {own}",
            hint="set the credential of that application in the task",
        )
