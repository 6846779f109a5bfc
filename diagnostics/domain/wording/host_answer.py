"""What is said where the host's API and its own table tell of a session differently."""

from __future__ import annotations

from diagnostics.domain.wording import user
from diagnostics.domain.wording.entry import Family, Wording

HOST_ANSWER: Family = {
    "record.api_disagrees": {
        "en": Wording(
            title="The host's API says otherwise",
            sentence="The host's API tells the client: {told}. The row says: {recorded}.",
            meaning="The client believes the host's API, which does not tell what its table holds.",
            next_step="Compare how the host's status call reads this row: a cache, a copy of the database, or its code.",
            tell_user=user.OUT_OF_DATE["en"],
            variants={
                "no_session": "The host's API answers 404 for this session, so the client finds none; "
                "the row is there, and its status is “{recorded}”.",
                "no_api": "HTTP 404 came instead of the host's API: the client finds no session, or HOST_API_URL is not "
                "where the API answers. The row is there, and its status is “{recorded}”.",
                "status": "The host's API tells the client the status “{told}”, and the row says “{recorded}”.",
                "path": "The host's API tells the client the path “{told}”, and the row says “{recorded}”.",
                "size": "The host's API tells the client a size of {told_bytes:exact}, "
                "and the row says {recorded_bytes:exact}.",
                "error": "The host's API tells the client the error “{told}”, and the row says “{recorded}”.",
            },
        ),
        "zh-hans": Wording(
            title="主系统接口与记录不一致",
            sentence="主系统接口返回给客户端：{told}；记录中是：{recorded}。",
            meaning="客户端以主系统接口的返回为准，而接口返回的与数据表中的不同。",
            next_step="检查主系统的状态接口如何读取这条记录：缓存、数据库副本，还是代码。",
            tell_user=user.OUT_OF_DATE["zh-hans"],
            variants={
                "no_session": "主系统接口对该会话返回 404，客户端会认为会话不存在；而记录存在，状态为“{recorded}”。",
                "no_api": "得到的是 HTTP 404，而不是主系统接口的返回：客户端会认为会话不存在，"
                "或者 HOST_API_URL 不是接口所在的地址。记录存在，状态为“{recorded}”。",
                "status": "主系统接口返回给客户端的状态是“{told}”，记录中是“{recorded}”。",
                "path": "主系统接口返回给客户端的路径是“{told}”，记录中是“{recorded}”。",
                "size": "主系统接口返回给客户端的大小是 {told_bytes:exact}，记录中是 {recorded_bytes:exact}。",
                "error": "主系统接口返回给客户端的错误是“{told}”，记录中是“{recorded}”。",
            },
        ),
    },
}
