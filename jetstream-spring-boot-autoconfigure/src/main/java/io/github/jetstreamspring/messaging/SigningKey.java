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

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.nats.client.api.StreamInfo;

import org.springframework.util.Assert;

/**
 * Tells what the application has written from what anybody could have written. Is never
 * logged.
 *
 * @since 0.1.0
 */
public final class SigningKey {

	private static final String ALGORITHM = "HmacSHA256";

	private final SecretKeySpec key;

	private SigningKey(byte[] key) {
		this.key = new SecretKeySpec(key, ALGORITHM);
	}

	/**
	 * Makes a key from a secret of the application.
	 * @param secret any text
	 * @return the key
	 */
	public static SigningKey of(String secret) {
		Assert.hasText(secret, "The signing key must not be empty");
		return new SigningKey(secret.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Makes a key from what only those know who may look at a stream: when it was
	 * created, to the nanosecond.
	 * @param stream the stream
	 * @return the key
	 */
	public static SigningKey ofStream(StreamInfo stream) {
		return of("stream:" + stream.getConfiguration().getName() + ":" + stream.getCreateTime().toInstant());
	}

	/**
	 * Starts a signature.
	 * @param purpose what it is for: a signature for one purpose isn't valid for another
	 * @return the signature, to which what it vouches for has to be added
	 */
	public Signature sign(String purpose) {
		return new Signature(mac()).add(purpose);
	}

	private Mac mac() {
		try {
			Mac mac = Mac.getInstance(ALGORITHM);
			mac.init(this.key);
			return mac;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has " + ALGORITHM, ex);
		}
	}

	@Override
	public String toString() {
		return "SigningKey[******]";
	}

	/**
	 * A signature in the making. Not for several threads.
	 *
	 * @since 0.1.0
	 */
	public static final class Signature {

		private final Mac mac;

		private Signature(Mac mac) {
			this.mac = mac;
		}

		/**
		 * Adds text.
		 * @param text the text
		 * @return this signature
		 */
		public Signature add(String text) {
			return add(text.getBytes(StandardCharsets.UTF_8));
		}

		/**
		 * Adds bytes and their number, so that one part can't be taken for two.
		 * @param bytes the bytes
		 * @return this signature
		 */
		public Signature add(byte[] bytes) {
			this.mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
			this.mac.update(bytes);
			return this;
		}

		/**
		 * Returns the signature, and ends it.
		 * @return text that may be a header's value, and a token of a subject
		 */
		public String end() {
			return Base64.getUrlEncoder().withoutPadding().encodeToString(this.mac.doFinal());
		}

		/**
		 * Returns whether a text is this signature, and ends it.
		 * @param other the text
		 * @return whether it is
		 */
		public boolean matches(String other) {
			return MessageDigest.isEqual(end().getBytes(StandardCharsets.UTF_8),
					other.getBytes(StandardCharsets.UTF_8));
		}

	}

}
