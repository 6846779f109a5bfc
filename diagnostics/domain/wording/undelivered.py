"""Why nothing is known of how a file is delivered, in both languages: said of a check, and of a source that was silent."""

from __future__ import annotations

from diagnostics.domain.wording.labels import both as _both

UNDELIVERED: dict[str, dict[str, str]] = {
    "not_allowed": _both(
        "The URL's host is neither that of PUBLIC_BASE_URL nor one of DELIVERY_HOSTS, so it is not asked.",
        "该地址的主机不是 PUBLIC_BASE_URL，也不在 DELIVERY_HOSTS 中，因此不会请求。",
    ),
    "bad_url": _both("This is no URL that could be asked for.", "这不是可以请求的地址。"),
    "no_name": _both(
        "The web server's name could not be resolved; how the file is delivered was not checked.",
        "网站服务的域名无法解析，没有检查文件能否送出。",
    ),
    "private_address": _both(
        "The web server's public name turns to a private address, which is not asked; DELIVERY_NETWORKS can allow it.",
        "网站服务的公开域名解析到内网地址，因此没有请求；可以用 DELIVERY_NETWORKS 放行。",
    ),
    "refused": _both(
        "The web server refuses the connection; how the file is delivered was not checked.",
        "网站服务拒绝连接，没有检查文件能否送出。",
    ),
    "unreachable": _both(
        "The web server cannot be reached from here; how the file is delivered was not checked.",
        "从这里无法连接网站服务，没有检查文件能否送出。",
    ),
    "timeout": _both(
        "The web server did not answer in time; how the file is delivered was not checked.",
        "网站服务没有在限定时间内响应，没有检查文件能否送出。",
    ),
    "closed": _both(
        "The web server closed the connection without an answer; how the file is delivered was not checked.",
        "网站服务没有响应就关闭了连接，没有检查文件能否送出。",
    ),
    "not_http": _both(
        "What answers at the web server's address does not speak HTTP; how the file is delivered was not checked.",
        "该地址上的服务返回的不是 HTTP，没有检查文件能否送出。",
    ),
    "tls": _both(
        "No secure connection to the web server came about; how the file is delivered was not checked.",
        "无法与网站服务建立安全连接，没有检查文件能否送出。",
    ),
    "busy": _both(
        "Too many names wait to be resolved already; how the file is delivered was not checked.",
        "等待解析的域名过多，没有检查文件能否送出。",
    ),
    "redirect": _both(
        "The web server leads on to another URL, which is not followed from here.",
        "网站服务转向另一个地址，这里不会继续跟随。",
    ),
    "put_off": _both(
        "The web server is busy and puts off the answer; how the file is delivered was not checked.",
        "网站服务繁忙，暂不作答，没有检查文件能否送出。",
    ),
    "odd_status": _both(
        "The web server answers with a status that says nothing of the file.",
        "网站服务返回的状态码无法说明文件能否送出。",
    ),
}
