/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.jetstreamspring.messaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;

/**
 * Reads and writes Zstandard. In a class of its own, as it needs the library.
 */
final class ZstdStreams {

	// What every reader has to know, and what the library takes unless it is told to
	private static final int COMMON_WINDOW = 23;

	private static final int LARGEST_WINDOW = 27;

	private ZstdStreams() {
	}

	// A few bytes can ask for a window of gigabytes
	static InputStream decompress(InputStream compressed, int limit) throws IOException {
		int window = 32 - Integer.numberOfLeadingZeros(limit - 1);
		ZstdInputStreamNoFinalizer stream = new ZstdInputStreamNoFinalizer(compressed);
		stream.setLongMax(Math.min(Math.max(window, COMMON_WINDOW), LARGEST_WINDOW));
		return stream;
	}

	static OutputStream compress(OutputStream compressed) throws IOException {
		return new ZstdOutputStreamNoFinalizer(compressed);
	}

}
