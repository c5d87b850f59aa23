"""The connection under the client, against a server on this machine: deadline, proxies, netrc, dead ports."""

from __future__ import annotations

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import openai
import pytest
import requests

import doubles
from persona.prompt_template import llm_config
from persona.prompt_template.gpt_structure import ProviderSession, request_chat

ASKED = [{"role": "user", "content": "How are you?"}]


class Server:
    """Answers every POST as `reply(handler, body)` does, and keeps the headers it got."""

    def __init__(self, reply):
        self.headers = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                server.headers.append(self.headers)
                self.rfile.read(int(self.headers["Content-Length"]))
                reply(self, json.dumps(doubles.chat_answer("fine")).encode())

            def log_message(self, *_):
                """Says nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.http.server_port}/v1"
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()


def at_once(handler, body):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def serve():
    servers = []

    def start(reply=at_once):
        servers.append(Server(reply))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def released():
    """Set when the test is over, so that replies which wait for it end."""
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.parametrize("part", ["headers", "body"])
def test_an_answer_that_trickles_ends_at_the_timeout(part, serve, released, monkeypatch):
    def trickle(handler, body):
        if part == "body":
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
        while not released.wait(0.02):
            handler.wfile.write(b"H" if part == "headers" else b" ")

    monkeypatch.setenv("LLM_TIMEOUT_SECONDS", "0.3")
    monkeypatch.setenv("LLM_MAX_RETRIES", "0")
    llm_config.init_llm_api(offline_base=serve(trickle).base)
    with pytest.raises(llm_config.LastingFailure, match="no whole answer in time; LLM_TIMEOUT_SECONDS"):
        request_chat(ASKED)


def test_an_answer_that_starts_with_blank_lines_is_read(serve):
    llm_config.init_llm_api(offline_base=serve(lambda handler, body: at_once(handler, b"\n\n  " + body)).base)
    assert request_chat(ASKED) == "fine"


def test_a_body_that_breaks_off_is_tried_again(serve, pauses):
    replies = []

    def break_off_once(handler, body):
        replies.append(body)
        if len(replies) > 1:
            return at_once(handler, body)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[:20])
        handler.close_connection = True
        return None

    llm_config.init_llm_api(offline_base=serve(break_off_once).base)
    assert request_chat(ASKED) == "fine"
    assert len(pauses) == 1


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_server_on_this_machine_is_never_asked_through_a_proxy(variable, serve, monkeypatch):
    monkeypatch.setenv(variable, "http://proxy.test:3128")
    llm_config.init_llm_api(offline_base=serve().base)
    assert request_chat(ASKED) == "fine"


@pytest.mark.parametrize(
    ("url", "direct"),
    [
        ("http://127.0.0.1:8000/v1", True),
        ("http://127.9.9.9/v1", True),
        ("http://localhost:11434/v1", True),
        ("http://[::1]:8000/v1", True),
        ("https://openrouter.ai/api/v1", False),
        ("http://localhost.example.org/v1", False),
    ],
)
def test_other_servers_are_asked_through_the_proxy_that_is_set(url, direct, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.test:3128")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    proxies = ProviderSession().merge_environment_settings(url, {}, None, None, None)["proxies"]
    assert bool(proxies) is not direct


@pytest.mark.parametrize("given", ["http://proxy.test:1", {"https": "http://proxy.test:1"}])
def test_a_proxy_given_to_the_client_is_kept(given, monkeypatch):
    monkeypatch.setattr(openai, "proxy", given)
    assert ProviderSession().proxies["https"] == "http://proxy.test:1"


def test_a_netrc_does_not_replace_the_key(serve, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server = serve()
    llm_config.init_llm_api(offline_base=server.base)
    request_chat(ASKED)
    assert [headers["Authorization"] for headers in server.headers] == ["Bearer offline"]


def test_a_dead_port_is_named_in_the_end(monkeypatch):
    monkeypatch.setenv("LLM_MAX_RETRIES", "0")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    llm_config.init_llm_api(offline_base=f"http://127.0.0.1:{port}/v1")
    with pytest.raises(llm_config.LastingFailure, match=f"no connection to 127.0.0.1:{port}: Connection refused"):
        request_chat(ASKED)


def test_a_session_given_to_the_client_is_kept(serve, monkeypatch):
    mine = requests.Session()
    monkeypatch.setattr(openai, "requestssession", mine)
    llm_config.init_llm_api(offline_base=serve().base)
    assert request_chat(ASKED) == "fine"
    assert openai.requestssession is mine
