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
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Ways to compress payloads.
 *
 * @since 0.1.0
 */
public enum PayloadCompression {

	/**
	 * Everybody knows it, and Java brings it.
	 */
	GZIP,

	/**
	 * Smaller and quicker; needs the library zstd-jni.
	 */
	ZSTD;

	/**
	 * What {@link #ZSTD} needs on the class path.
	 */
	public static final String ZSTD_LIBRARY = "com.github.luben:zstd-jni";

	private static final boolean ZSTD_PRESENT = ClassUtils.isPresent("com.github.luben.zstd.ZstdInputStreamNoFinalizer",
			PayloadCompression.class.getClassLoader());

	/**
	 * Returns whether what it takes is there.
	 * @return whether it can be used
	 */
	public boolean isAvailable() {
		return this != ZSTD || ZSTD_PRESENT;
	}

	String encoding() {
		return name().toLowerCase(Locale.ROOT);
	}

	static @Nullable PayloadCompression of(String encoding) {
		return switch (encoding.toLowerCase(Locale.ROOT)) {
			case "gzip", "x-gzip" -> GZIP;
			case "zstd" -> ZSTD;
			default -> null;
		};
	}

	/**
	 * Returns what was compressed.
	 * @param compressed what it has become
	 * @param limit how much memory it may take to read it
	 */
	InputStream decompress(InputStream compressed, int limit) throws IOException {
		return (this == ZSTD) ? ZstdStreams.decompress(compressed, limit) : new GZIPInputStream(compressed);
	}

	OutputStream compress(OutputStream compressed) throws IOException {
		return (this == ZSTD) ? ZstdStreams.compress(compressed) : new GZIPOutputStream(compressed);
	}

}
