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

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * How payloads are compressed, which a message says in its header
 * {@value JetStreamHeaders#CONTENT_ENCODING}. The encoding {@code gzip} is read and
 * written, as is {@code zstd} where its library is there; what becomes of them in memory
 * has a limit.
 *
 * @param compressAbove payloads of more bytes are compressed when they are published;
 * {@code null} for none
 * @param maxDecompressedSize most bytes of a payload after it is decompressed
 * @param compression how payloads are compressed that are published
 * @since 0.1.0
 */
public record ContentEncodings(@Nullable DataSize compressAbove, DataSize maxDecompressedSize,
		PayloadCompression compression) {

	/**
	 * What holds where nobody says otherwise: nothing is compressed, and 16 MB may come
	 * of what is.
	 */
	public static final ContentEncodings DEFAULTS = new ContentEncodings(null, DataSize.ofMegabytes(16));

	private static final String IDENTITY = "identity";

	/**
	 * Creates encodings that write {@code gzip}.
	 * @param compressAbove payloads of more bytes are compressed when they are published;
	 * {@code null} for none
	 * @param maxDecompressedSize most bytes of a payload after it is decompressed
	 */
	public ContentEncodings(@Nullable DataSize compressAbove, DataSize maxDecompressedSize) {
		this(compressAbove, maxDecompressedSize, PayloadCompression.GZIP);
	}

	/**
	 * Returns the encoding of a message.
	 * @param message the message
	 * @return its name in lower case, {@code null} if the payload is as it is
	 */
	public static @Nullable String of(Message message) {
		Headers headers = message.getHeaders();
		if (headers == null) {
			return null;
		}
		List<String> values = headers.get(JetStreamHeaders.CONTENT_ENCODING);
		if (values == null) {
			values = headers.getIgnoreCase(JetStreamHeaders.CONTENT_ENCODING);
		}
		if (values == null || values.isEmpty()) {
			return null;
		}
		String encoding = String.join(",", values).strip().toLowerCase(Locale.ROOT);
		return (encoding.isEmpty() || encoding.equals(IDENTITY)) ? null : encoding;
	}

	/**
	 * Returns whether an encoding can be read.
	 * @param encoding its name
	 * @return whether it is a known one
	 */
	public static boolean isKnown(String encoding) {
		PayloadCompression compression = PayloadCompression.of(encoding);
		return compression != null && compression.isAvailable();
	}

	/**
	 * Says why an encoding can't be read.
	 * @param encoding its name
	 * @return the rest of a sentence, which doesn't quote the name
	 */
	public static String describeUnknown(String encoding) {
		return (PayloadCompression.of(encoding) == PayloadCompression.ZSTD)
				? "its header %s names zstd, which needs %s on the class path"
					.formatted(JetStreamHeaders.CONTENT_ENCODING, PayloadCompression.ZSTD_LIBRARY)
				: "its header %s names an encoding other than gzip and zstd"
					.formatted(JetStreamHeaders.CONTENT_ENCODING);
	}

	/**
	 * Decompresses a payload.
	 * @param data the payload as it came
	 * @param encoding its encoding, which is known
	 * @return what was compressed
	 * @throws IOException if it isn't what the message says, or is too large; the message
	 * of the exception says so and doesn't quote the payload
	 */
	public byte[] decode(byte[] data, String encoding) throws IOException {
		int limit = (int) Math.min(Integer.MAX_VALUE - 8, this.maxDecompressedSize.toBytes());
		PayloadCompression known = PayloadCompression.of(encoding);
		if (known == null) {
			throw new IOException(describeUnknown(encoding));
		}
		try (InputStream stream = known.decompress(new ByteArrayInputStream(data), limit)) {
			byte[] decoded = stream.readNBytes(limit);
			if (stream.read() >= 0) {
				throw new IOException(
						"it has more than %d bytes when it is decompressed (jetstream.messaging.max-decompressed-size)"
							.formatted(limit));
			}
			return decoded;
		}
	}

	/**
	 * Compresses a payload if that is to be done and makes it smaller.
	 * @param data the payload
	 * @param headers the headers of its message, which get the encoding unless they name
	 * one
	 * @return the payload to send
	 */
	public byte[] encode(byte[] data, HeaderFields headers) {
		if (this.compressAbove == null || data.length <= this.compressAbove.toBytes()
				|| headers.getFirst(JetStreamHeaders.CONTENT_ENCODING) != null) {
			return data;
		}
		ByteArrayOutputStream compressed = new ByteArrayOutputStream(data.length / 4);
		try (OutputStream stream = this.compression.compress(compressed)) {
			stream.write(data);
		}
		catch (IOException ex) {
			throw new IllegalStateException("Nothing is written to but memory", ex);
		}
		if (compressed.size() >= data.length) {
			return data;
		}
		headers.put(JetStreamHeaders.CONTENT_ENCODING, this.compression.encoding());
		return compressed.toByteArray();
	}

}
