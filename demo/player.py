"""A small page that plays a session as the host's client does, and logs what it meets in the client's words."""

from __future__ import annotations

import re

PATH = re.compile(r"/player/\d{1,18}")
PAGE = """<!doctype html>
<html lang="zh">
<meta charset="utf-8">
<title>播放</title>
<link rel="icon" href="data:,">
<h1>会话 <span id="session"></span></h1>
<audio id="audio" controls></audio>
<button id="play">播放</button>
<pre id="log"></pre>
<script>
"use strict";
const id = location.pathname.split("/").pop();
const audio = document.getElementById("audio");
document.getElementById("session").textContent = id;

function log(...words) {
  const line = words.join(" ");
  console.log(line);
  document.getElementById("log").textContent += line + "\\n";
}

function urlOf(path) {
  if (path.startsWith("http")) return path;
  return location.origin + (path.startsWith("/") ? path : "/" + path);
}

function tell(data) {
  log("📊 状态数据详情:");
  log("- 会话ID:", data.session_id);
  log("- 状态:", data.status);
  log("- 文件路径:", data.final_file_path);
  log("- 文件大小:", data.final_file_size);
}

function end(state) {
  document.body.dataset.state = state;
}

audio.addEventListener("error", () => {
  log("🎵 音频事件: 播放错误", JSON.stringify({
    errCode: audio.error.code, errMsg: audio.error.message, src: audio.currentSrc || audio.src,
  }));
  end("error");
});
audio.addEventListener("timeupdate", () => {
  if (audio.currentTime > 0 && document.body.dataset.state !== "playing") {
    log("🎵 音频事件: 正在播放");
    end("playing");
  }
});

async function play() {
  end("asked");
  const answer = await (await fetch(`/api/music/long_sequence_status/${id}`)).json();
  if (!answer.success) {
    log("📊 状态查询失败:", JSON.stringify(answer));
    return end("error");
  }
  tell(answer.data);
  audio.src = urlOf(answer.data.final_file_path || "");
  audio.play().catch(error => log("🎵 音频事件: 播放失败", `${error.name}: ${error.message}`));
}

document.getElementById("play").addEventListener("click", play);
</script>
</html>
"""
