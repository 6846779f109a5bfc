"""What is said of the last mile: from a file in order to the player in the user's hand."""

from __future__ import annotations

from diagnostics.domain.wording import user
from diagnostics.domain.wording.entry import Family, Wording

DELIVERY_AND_CLIENT: Family = {
    "delivery.link_expired": {
        "en": Wording(
            title="Signed link has expired",
            sentence="The signed link in the row expired on {expired_at}.",
            meaning="The audio may be well, but the link to it was only valid for a time.",
            next_step="Have the host sign a new link each time the client asks, instead of storing one.",
            tell_user=user.LINK_EXPIRED["en"],
            variants={
                "reported": "The client reports that the signed link has expired.",
                "refused": "{host} answers 401 to the URL of this session: it asks for a valid signature.",
            },
        ),
        "zh-hans": Wording(
            title="签名链接已过期",
            sentence="记录中的签名链接已于 {expired_at} 过期。",
            meaning="音频可能完好，只是链接有有效期。",
            next_step="让主系统在客户端每次请求时重新签名，而不是保存链接。",
            tell_user=user.LINK_EXPIRED["zh-hans"],
            variants={
                "reported": "客户端报告签名链接已过期。",
                "refused": "{host} 对该会话的地址返回 401：需要有效的签名。",
            },
        ),
    },
    "delivery.wrong_url": {
        "en": Wording(
            title="Client builds the wrong URL",
            sentence="The file “{path}” is whole, but the client asks for {url}, which does not lead to it.",
            meaning="The file is right; only the address that the client asks for is not.",
            next_step=(
                "See where the address goes wrong: in the row's path, which the host should store as the URL prefix "
                "and the file name, or in the client, which joins it to the server's address."
            ),
            tell_user=user.OUT_OF_REACH["en"],
            variants={
                "reported": "The file “{path}” is whole, but the client asked for {url} instead of {expected_url}.",
                "reported_api": (
                    "The file “{path}” is whole, but the client put “/api” before its path: it asked for {url} "
                    "instead of {expected_url}."
                ),
            },
        ),
        "zh-hans": Wording(
            title="客户端拼出的地址不对",
            sentence="文件“{path}”完整无损，但客户端请求的是 {url}，这个地址到不了该文件。",
            meaning="文件没有问题，只是客户端请求的地址不对。",
            next_step=(
                "看地址错在哪里：如果是记录中的路径，让主系统按“URL 前缀加文件名”保存；"
                "如果是客户端拼接服务器地址时出错，就更正客户端。"
            ),
            tell_user=user.OUT_OF_REACH["zh-hans"],
            variants={
                "reported": "文件“{path}”完整无损，但客户端请求的是 {url}，而不是 {expected_url}。",
                "reported_api": (
                    "文件“{path}”完整无损，但客户端在路径前多加了“/api”：请求的是 {url}，而不是 {expected_url}。"
                ),
            },
        ),
    },
    "delivery.not_served": {
        "en": Wording(
            title="Server does not deliver the file",
            sentence="The file is there and its URL is right, but {host} answers {status} and does not deliver it.",
            meaning="The web server answers with an error, or with another length than the file has.",
            next_step="Compare the web server's folder, rights and rules with the file's place.",
            tell_user=user.OUT_OF_REACH["en"],
            variants={
                "missing": "The file is there and its URL is right, but {host} answers {status}: it does not find it.",
                "forbidden": "The file is there and its URL is right, but {host} answers {status}: it may not send it.",
                "failing": "The file is there and its URL is right, but {host} answers {status}: the server itself fails.",
                "length": "{host} serves {length_bytes:exact} at the file's URL, but the file has {size_bytes:exact}.",
            },
        ),
        "zh-hans": Wording(
            title="服务器没有送出文件",
            sentence="文件存在，地址也正确，但 {host} 返回 {status}，没有把它送出来。",
            meaning="网站服务返回了错误，或返回的长度与文件不同。",
            next_step="对照文件的位置，检查网站服务的目录、权限和规则。",
            tell_user=user.OUT_OF_REACH["zh-hans"],
            variants={
                "missing": "文件存在，地址也正确，但 {host} 返回 {status}：它找不到该文件。",
                "forbidden": "文件存在，地址也正确，但 {host} 返回 {status}：它不允许送出该文件。",
                "failing": "文件存在，地址也正确，但 {host} 返回 {status}：网站服务自身出错。",
                "length": "{host} 在该地址提供 {length_bytes:exact}，而文件实有 {size_bytes:exact}。",
            },
        ),
    },
    "delivery.not_audio": {
        "en": Wording(
            title="Server sends something else",
            sentence="{host} answers with success, but what it sends is not this audio (type: {content_type}).",
            meaning="A login page, an error page or JSON comes in place of the file, so the player cannot decode it.",
            next_step="Open the URL without a login and see what comes; correct the rule that answers there.",
            tell_user=user.OUT_OF_REACH["en"],
            variants={
                "html": "{host} answers with success, but sends a web page in place of the audio.",
                "json": "{host} answers with success, but sends JSON in place of the audio.",
                "xml": "{host} answers with success, but sends XML in place of the audio.",
                "empty": "{host} answers with success ({status}), but sends nothing.",
                "encoded": "{host} sends the audio compressed ({encoding}) though that was not asked for.",
            },
        ),
        "zh-hans": Wording(
            title="服务器返回的不是音频",
            sentence="{host} 返回成功，但内容不是这段音频（类型：{content_type}）。",
            meaning="返回的是登录页、错误页或 JSON，播放器无法解码。",
            next_step="在未登录时打开该地址，看返回了什么，再更正对应的规则。",
            tell_user=user.OUT_OF_REACH["zh-hans"],
            variants={
                "html": "{host} 返回成功，但送来的是网页，而不是音频。",
                "json": "{host} 返回成功，但送来的是 JSON，而不是音频。",
                "xml": "{host} 返回成功，但送来的是 XML，而不是音频。",
                "empty": "{host} 返回成功（{status}），但没有送来任何内容。",
                "encoded": "{host} 擅自用 {encoding} 压缩了音频。",
            },
        ),
    },
    "delivery.no_range": {
        "en": Wording(
            title="Server ignores partial requests",
            sentence="{host} ignores Range requests, which players on iOS need for long files.",
            meaning="Players on iOS ask for a long file in parts; a server that always sends the whole is refused.",
            next_step="Switch on Range requests in the web server or the CDN for the audio folder.",
            tell_user=user.OUT_OF_REACH["en"],
            variants={"part": "{host} answers a Range request with another part than was asked for: “{range}”."},
        ),
        "zh-hans": Wording(
            title="服务器不支持分段请求",
            sentence="{host} 忽略 Range 请求，而 iOS 播放器播放长文件时需要它。",
            meaning="iOS 播放器分段请求长文件，总是整份返回的服务器会被拒绝。",
            next_step="在网站服务或 CDN 上为音频目录开启 Range 请求。",
            tell_user=user.OUT_OF_REACH["zh-hans"],
            variants={"part": "{host} 对 Range 请求返回了另一段内容：“{range}”。"},
        ),
    },
    "delivery.bad_certificate": {
        "en": Wording(
            title="Server's certificate is refused",
            sentence="The certificate of {host} is not trusted: nobody whom this machine knows vouches for it.",
            meaning="A player breaks off before it asks for anything. Every session on this server is concerned.",
            next_step="Renew the certificate, for this name and with its whole chain, and reload the web server.",
            tell_user=user.OUT_OF_REACH["en"],
            variants={
                "expired": "The certificate of {host} is not valid at this time: it has expired, or is yet to begin.",
                "name": "The certificate of {host} is made out to another name.",
            },
        ),
        "zh-hans": Wording(
            title="服务器证书不被接受",
            sentence="{host} 的证书不受信任：本机所知的机构都没有为它担保。",
            meaning="播放器还没有请求内容就会中断连接，该服务器上的所有会话都受影响。",
            next_step="为该域名更新证书并配齐证书链，然后重新加载网站服务。",
            tell_user=user.OUT_OF_REACH["zh-hans"],
            variants={
                "expired": "{host} 的证书目前不在有效期内：已经过期，或尚未生效。",
                "name": "{host} 的证书属于另一个域名。",
            },
        ),
    },
    "client.timed_out": {
        "en": Wording(
            title="Client gave up waiting",
            sentence=(
                "Generation took {took_seconds}, longer than the {limit_seconds} that the client waits, so the client "
                "had given up; the audio is well now."
            ),
            meaning="The user saw an error although the generation went on and ended well.",
            next_step="Ask the user to open the page again; raise the client's time limit if this is frequent.",
            tell_user=user.READY_LATE["en"],
        ),
        "zh-hans": Wording(
            title="客户端等待超时",
            sentence=(
                "生成用了 {took_seconds}，超过客户端等待的 {limit_seconds}，客户端当时已放弃；现在音频一切正常。"
            ),
            meaning="用户看到了错误，但生成仍在继续，并且顺利完成。",
            next_step="请用户重新打开页面；如果经常发生，放宽客户端的等待时间。",
            tell_user=user.READY_LATE["zh-hans"],
        ),
    },
    "client.bad_response": {
        "en": Wording(
            title="Incomplete answer to the client",
            sentence="The client reports an answer without session id or path; the audio is well now.",
            meaning="The host said success but left out what the client needs to play the audio.",
            next_step="Ask the user to open the page again; check what the host's create call answers.",
            tell_user=user.FINE["en"],
            variants={
                "session_id": "The client received an answer without session id; the audio is well now.",
                "path": (
                    "The client received an answer that says completed, yet holds no path; the audio is well now."
                ),
            },
        ),
        "zh-hans": Wording(
            title="客户端收到的数据不完整",
            sentence="客户端报告返回的数据中没有会话编号或路径；现在音频一切正常。",
            meaning="主系统返回了成功，却缺少客户端播放所需的内容。",
            next_step="请用户重新打开页面，并检查主系统创建接口返回的内容。",
            tell_user=user.FINE["zh-hans"],
            variants={
                "session_id": "客户端收到的数据中没有会话编号；现在音频一切正常。",
                "path": "客户端收到的数据标为已完成，却没有路径；现在音频一切正常。",
            },
        ),
    },
    "client.network": {
        "en": Wording(
            title="Network broke off at the client",
            sentence="The client reports a network error; the audio is well and delivered now.",
            meaning="The connection broke between the user and the server. Nothing is wrong with the session.",
            next_step="Ask the user to press play again.",
            tell_user=user.CONNECTION["en"],
            variants={"not_asked": "The client reports a network error; the audio is there and whole."},
        ),
        "zh-hans": Wording(
            title="客户端网络中断",
            sentence="客户端报告网络错误；音频完好，现在可以正常获取。",
            meaning="用户与服务器之间的连接中断过，会话本身没有问题。",
            next_step="请用户重新点一次播放。",
            tell_user=user.CONNECTION["zh-hans"],
            variants={"not_asked": "客户端报告网络错误；音频文件完整无损。"},
        ),
    },
}
