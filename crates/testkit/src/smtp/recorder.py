"""A real SMTP server that records what it received and misbehaves when it is told to.

Speaks one JSON object a line: the first line of the input says how to listen, each further one is a
command, and each is answered by one line of the output. Ends with its input.
"""

import asyncio
import base64
import json
import logging
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class State:
    def __init__(self, settings):
        self.settings = settings
        self.mode = {"mode": "accept"}
        self.mails = []
        # What was asked for in clear or not: [connection, words].
        self.said = []
        self.tries = {}
        self.connections = 0
        self.open = set()


class Session(SMTP):
    """One connection, which knows its number."""

    def __init__(self, state, **options):
        super().__init__(Handler(), **options)
        self.state = state
        state.connections += 1
        self.number = state.connections

    @property
    def mode(self):
        return self.state.mode["mode"]

    def connection_made(self, transport):
        self.state.open.add(self)
        super().connection_made(transport)

    def connection_lost(self, error):
        self.state.open.discard(self)
        super().connection_lost(error)

    async def push(self, status):
        if self.mode == "hang":
            await asyncio.Event().wait()
        if self.mode == "busy" and status[:3] in ("220", "250"):
            await super().push("421 4.3.2 too busy for you")
            self.transport.close()
            return
        if self.mode == "slow":
            for byte in f"{status}\r\n".encode():
                self._writer.write(bytes([byte]))
                await self._writer.drain()
                await asyncio.sleep(self.state.mode["pause"])
            return
        await super().push(status)

    async def _call(self, verb, method, argument):
        self.state.said.append([self.number, f"{verb} {argument or ''}".strip()])
        await method(argument)

    async def smtp_EHLO(self, hostname):
        await self._call("EHLO", super().smtp_EHLO, hostname)

    async def smtp_STARTTLS(self, argument):
        await self._call("STARTTLS", super().smtp_STARTTLS, argument)

    async def smtp_AUTH(self, argument):
        await self._call("AUTH", super().smtp_AUTH, argument)

    async def smtp_MAIL(self, argument):
        await self._call("MAIL", super().smtp_MAIL, argument)

    async def smtp_RCPT(self, argument):
        await self._call("RCPT", super().smtp_RCPT, argument)


class Handler:
    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        if server.state.settings.get("without_8bitmime"):
            responses = [line for line in responses if "8BITMIME" not in line]
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if server.mode == "refuse_sender":
            return "550 5.7.1 you may not send as this sender"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if server.mode == "refuse":
            return f"550 5.1.1 <{address}>: no such user here"
        if server.mode == "refuse_relay":
            return f"554 5.7.1 <{address}>: Relay access denied"
        if server.mode == "greylist":
            tries = server.state.tries.get(address, 0) + 1
            server.state.tries[address] = tries
            if tries <= server.state.mode["times"]:
                return f"451 4.7.1 <{address}>: greylisted, come back later"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if server.mode == "refuse_content":
            return "554 5.6.0 we do not like what it says"
        auth = session.auth_data
        server.state.mails.append({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": server.transport.get_extra_info("sslcontext") is not None,
            "auth": auth.login.decode() if session.authenticated else None,
            "hello": session.host_name,
            "connection": server.number,
            "source": base64.b64encode(envelope.content).decode(),
        })
        if server.mode == "drop":
            server.transport.abort()
            await asyncio.Event().wait()
        return "250 OK: recorded"


class Recorder:
    def __init__(self, settings):
        self.state = State(settings)
        self.server = None
        self.port = 0

    def session(self):
        settings = self.state.settings
        options = {"hostname": "recorder.example.org", "loop": asyncio.get_running_loop()}
        if settings["tls"] == "starttls":
            options.update(tls_context=self.context(), require_starttls=True)
        if settings["user"]:
            # What travels by implicit TLS is not seen as such by aiosmtpd.
            in_clear = settings["tls"] != "starttls"
            options.update(authenticator=self.authenticate, auth_required=True,
                           auth_require_tls=not in_clear)
        return Session(self.state, enable_SMTPUTF8=settings["smtputf8"], **options)

    def context(self):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.state.settings["certificate"], self.state.settings["key"])
        return context

    def authenticate(self, server, session, envelope, mechanism, data):
        settings = self.state.settings
        wanted = (settings["user"].encode(), settings["password"].encode())
        is_right = isinstance(data, LoginPassword) and (data.login, data.password) == wanted
        return AuthResult(success=is_right, handled=False, auth_data=data)

    async def start(self):
        context = self.context() if self.state.settings["tls"] == "implicit" else None
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(self.session, "127.0.0.1", self.port, ssl=context)
        self.port = self.server.sockets[0].getsockname()[1]

    async def stop(self):
        self.server.close()
        self.drop_connections()
        await self.server.wait_closed()

    def drop_connections(self):
        for session in list(self.state.open):
            if session.transport is not None:
                session.transport.abort()

    async def command(self, command):
        match command["do"]:
            case "start":
                await self.start()
            case "stop":
                await self.stop()
            case "hang_up":
                self.drop_connections()
            case "mode":
                self.state.mode = command
            case "mails":
                return self.state.mails
            case "said":
                return self.state.said
            case "connections":
                return self.state.connections
        return self.port


# Clients that turn away are what tests are about.
logging.getLogger("mail.log").disabled = True


async def main():
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    recorder = Recorder(json.loads(await lines.readline()))
    await recorder.start()
    print(json.dumps(recorder.port), flush=True)
    while line := await lines.readline():
        print(json.dumps(await recorder.command(json.loads(line))), flush=True)


asyncio.run(main())
