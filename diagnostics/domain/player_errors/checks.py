"""CHECKS of the tables of player errors: the one thing to look at that confirms or clears what is suspected."""

from __future__ import annotations

from diagnostics.domain.player_errors.entries import both

FILE_AND_URL = both(
    "See whether the file that the row names is on the disk, and what the address that the client asked for answers: no file, or a wrong address.",
    "查看记录所指的文件是否在磁盘上，再看客户端请求的地址返回什么：是文件没有了，还是地址不对。",
)
SIGNED_LINK = both(
    "Read when the signed link ends, and see whether its address answers 401 now.",
    "查看签名链接的到期时间，并确认该地址现在是否返回 401。",
)
REFUSAL = both(
    "Ask for the address once with the Referer of the mini program and once without, and see whether the web server's user may read the file.",
    "带小程序的 Referer 和不带 Referer 各访问一次该地址，并确认 Web 服务器的用户能否读取文件。",
)
ADDRESS = both(
    "Hold the address that the client asked for against the one that follows from the row's path.",
    "将客户端请求的地址与按记录中的路径应得到的地址对照。",
)
NAME = both(
    "See whether the host name in the address is the right one, and whether it resolves outside our network.",
    "确认地址中的主机名是否正确，以及在外网能否解析。",
)
PORT = both(
    "Ask for the address from outside our network: does the server take the connection?",
    "从外网访问该地址：服务器是否接受连接？",
)
SPEED = both(
    "Ask for the first bytes of the address, and see how long the answer takes; then have the user try another network.",
    "请求该地址的开头几个字节，看多久才有响应；再请用户换一个网络重试。",
)
OTHER_NETWORK = both(
    "Have the user try again on another network; look here only if others report the same at the same time.",
    "请用户换一个网络重试；只有同一时间其他用户也有反馈时，才需要检查服务器。",
)
SERVER_LOG = both(
    "Ask for the address again and note its status; look for the same time in the web server's log.",
    "再次访问该地址并记下状态码；在 Web 服务器日志中查看同一时间的记录。",
)
HEADERS = both(
    "Look at the headers of the answer: status, Content-Length, Content-Range, and no Content-Encoding.",
    "查看响应头：状态码、Content-Length、Content-Range，并且不应有 Content-Encoding。",
)
RANGE = both(
    "Ask with `Range: bytes=0-1`: the answer has to be 206 with exactly two bytes and the file's length in Content-Range.",
    "带上 `Range: bytes=0-1` 访问：应返回 206、正好两个字节，并在 Content-Range 中给出文件长度。",
)
FIRST_BYTES = both(
    "Look at the first bytes of the answer and at its Content-Type: a WAV file begins with RIFF and WAVE, an error page does not.",
    "查看响应开头的字节和 Content-Type：WAV 文件以 RIFF、WAVE 开头，错误页面则不是。",
)
WHOLE_FILE = both(
    "Compare the file's size with what its header promises, and play it from the disk.",
    "将文件大小与文件头所声明的长度对照，并直接从磁盘播放试听。",
)
SIZE = both(
    "Look at the file's size on the disk, and at the length that the server names.",
    "查看磁盘上文件的大小，以及服务器给出的长度。",
)
CERTIFICATE = both(
    "Look at the certificate that the address shows: its last day, its names, and whether its chain is complete.",
    "查看该地址的证书：到期日、所含域名，以及证书链是否完整。",
)
SCHEME = both(
    "See whether the address begins with https.",
    "确认该地址是否以 https 开头。",
)
REDIRECTS = both(
    "Ask for the address and see where it redirects to, step by step.",
    "访问该地址，逐步查看它重定向到哪里。",
)
ALLOWED_DOMAINS = both(
    "Compare the address with the request and download domains that the mini program's console lists.",
    "将该地址与小程序后台配置的 request、downloadFile 合法域名对照。",
)
WAITING = both(
    "Compare how long the generation took with how long the client waits, and see whether the session is completed by now.",
    "将生成所用的时间与客户端的等待时间对照，并查看会话现在是否已完成。",
)
ANSWER = both(
    "Look at the answer that the client logged, and hold it against the row.",
    "查看客户端记录的响应，并与会话记录对照。",
)
PHONE = both(
    "Nothing here has to be checked: have the user end calls and other players, and play again.",
    "服务器一侧无需检查：请用户结束通话、关闭其他播放应用后重新播放。",
)
TAP = both(
    "Nothing here has to be checked: the sound starts once the user taps play.",
    "服务器一侧无需检查：用户点一下播放，声音就会开始。",
)
CLIENT_CODE = both(
    "Nothing here has to be checked: report it to the client's developers with the message as it is.",
    "服务器一侧无需检查：请将原文反馈给客户端开发人员。",
)
PHONE_SPACE = both(
    "Have the user free some space on the phone, and try again.",
    "请用户清理手机存储空间后重试。",
)
LOCAL_FILE = both(
    "See whether the address is a temporary file on the phone: then it is the phone's, and playing again fetches it anew.",
    "确认地址是否为手机上的临时文件：若是，问题在手机上，重新播放会再次下载。",
)
FORMAT = both(
    "Look at the file's format: PCM of 16 bits, 8 to 48 kHz, one or two channels.",
    "查看文件格式：16 位 PCM，8 至 48 kHz，单声道或双声道。",
)
ASK_INNER = both(
    "Ask for the whole message: the inner code in its errMsg tells what happened.",
    "请索取完整的报错内容：其中 errMsg 里的内部错误码才能说明原因。",
)
ASK_ALL = both(
    "Ask for the whole message as text, the time, the phone's model and the version of WeChat.",
    "请索取完整的报错文字、发生时间、手机型号和微信版本。",
)
