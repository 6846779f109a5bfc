"""Messages of Android's players, as users and tickets hold them."""

from __future__ import annotations

from tests.domain.player_errors.message import Message

ANDROID = (
    Message(
        '{"errMsg":"errCode:55,err:unknow format","errCode":10004}', "android", "55", ("delivery.not_audio",), "10004"
    ),
    Message("errCode:62, err:load or init native decode so fail", "android", "62", ("delivery.not_audio",)),
    Message("errCode:53,err:file not found", "android", "53", ("file.deleted",)),
    Message("errCode:54,err:file can not read", "android", "54"),
    Message("errCode:63,err:get audio info fail", "android", "63", ("file.corrupt",)),
    Message("errCode:67, err:decode audio fail", "android", "67", ("file.corrupt",)),
    Message("errCode:706, err:decode audio fail", "android", "706", ("file.corrupt",)),
    Message("errCode:74, err:seek fail", "android", "74", ("delivery.no_range",)),
    Message(
        '{"errCode":10002,"errMsg":"errCode:80, err:connect network fail"}',
        "android",
        "80",
        ("client.network",),
        "10002",
    ),
    Message("errCode:500, err:error URL format", "android", "500", ("delivery.wrong_url",)),
    Message("errCode:600, err:exceed max count of players", "android", "600"),
    Message("errCode:702, err:set source fail", "android", "702", ("delivery.wrong_url",)),
    Message("errCode:-1, err:unknow exception", "android", "-1"),
    Message("load or init native decode so fail", "android", "62", ("delivery.not_audio",)),
    Message("errCode:999, err:something new", "android", "999"),
    Message("MediaPlayer: error (1, -1004)", "android", "-1004", ("client.network",)),
    Message("E/MediaPlayer: Error (-38,0)", "android", "-38"),
    Message("onError what:1 extra:-2147483648", "android", "-2147483648", ("delivery.not_audio",)),
    Message("MEDIA_ERROR_MALFORMED", "android", "-1007", ("delivery.not_audio",)),
    Message("MEDIA_ERROR_TIMED_OUT", "android", "-110", ("client.network",)),
    Message(
        "androidx.media3.exoplayer.ExoPlaybackException: ERROR_CODE_IO_BAD_HTTP_STATUS",
        "android",
        "2004",
        ("delivery.not_served",),
    ),
    Message("ERROR_CODE_IO_READ_POSITION_OUT_OF_RANGE", "android", "2008", ("file.truncated",)),
    Message("PlaybackException: Source error, errorCode: 3001", "android", "3001", ("delivery.not_audio",)),
    Message("com.google.android.exoplayer2.ExoPlaybackException: Source error", "android", "", ("client.network",)),
    Message(
        "HttpDataSource$InvalidResponseCodeException: Response code: 403", "android", "403", ("delivery.not_served",)
    ),
)
