"""faster-whisper base int8, the pipeline that ours is measured beside. Reads one JSON request a line from stdin:
{"path", "mode": "sequential" | "batched", "language": null | "en" | ...}; answers one JSON line each:
{"text", "seconds" (wall), "cpu" (processor seconds), "first" (seconds to the first segment), "words": [{text, start, end}]}.
Argument: the folder with the model. Greedy, voice activity filter on, two threads or as many as there are."""
import json
import os
import sys
import time

from faster_whisper import BatchedInferencePipeline, WhisperModel

THREADS = max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
model = WhisperModel(sys.argv[1], device="cpu", compute_type="int8", cpu_threads=THREADS)
batched = BatchedInferencePipeline(model=model)
print(json.dumps({"ready": True}), flush=True)

for line in sys.stdin:
    request = json.loads(line)
    started, cpu = time.perf_counter(), time.process_time()
    options = {"language": request.get("language"), "beam_size": 1, "word_timestamps": bool(request.get("words"))}
    if request["mode"] == "batched":
        segments, info = batched.transcribe(request["path"], batch_size=8, without_timestamps=False, **options)
    else:
        segments, info = model.transcribe(request["path"], vad_filter=True, **options)
    texts, words, first = [], [], None
    for segment in segments:
        first = first if first is not None else time.perf_counter() - started
        texts.append(segment.text)
        words += [{"text": word.word.strip(), "start": word.start, "end": word.end} for word in segment.words or []]
    print(
        json.dumps(
            {
                "text": "".join(texts),
                "language": info.language,
                "seconds": time.perf_counter() - started,
                "cpu": time.process_time() - cpu,
                "first": first,
                "words": words,
            }
        ),
        flush=True,
    )
