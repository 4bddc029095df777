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

import java.nio.charset.StandardCharsets;
import java.util.Collection;

/**
 * Subjects on which a stream keeps the messages that are due later. They are the
 * stream's, beside its own subjects, and no worker may get them: a schedule that is taken
 * off its subject is gone.
 *
 * @since 0.1.0
 */
public final class ScheduleSubjects {

	private static final String PREFIX = "_schedules.";

	private static final String PLAIN = "-_";

	private ScheduleSubjects() {
	}

	/**
	 * Returns the subject that stands for all schedules of a stream.
	 * @param stream the name of the stream
	 * @return a subject with a wildcard
	 */
	public static String all(String stream) {
		return PREFIX + stream + ".>";
	}

	/**
	 * Returns the subject of a job that is delayed. There is one job for each id.
	 * @param stream the name of the stream
	 * @param id the id of the job
	 * @param key without which nobody can guess the subject
	 * @return the subject
	 */
	public static String delayed(String stream, String id, SigningKey key) {
		return parent(delayed(stream, id)) + secret("delayed", stream, key, id);
	}

	/**
	 * Returns the subject that stands for a job that is delayed, whatever the key.
	 * @param stream the name of the stream, which may be the wildcard {@code *}
	 * @param id the id of the job
	 * @return a subject with a wildcard
	 */
	public static String delayed(String stream, String id) {
		return PREFIX + stream + ".delayed." + token(id) + ".*";
	}

	/**
	 * Returns the subject that stands for all jobs of a stream that are delayed.
	 * @param stream the name of the stream
	 * @return a subject with a wildcard
	 */
	public static String delayed(String stream) {
		return PREFIX + stream + ".delayed.>";
	}

	/**
	 * Returns the subject that stands for all messages of a stream that wait as schedules
	 * for their next attempt.
	 * @param stream the name of the stream
	 * @return a subject with a wildcard
	 */
	public static String retries(String stream) {
		return PREFIX + stream + ".retry.>";
	}

	/**
	 * Returns the subject of a message that waits for its next attempt.
	 * @param stream the name of the stream
	 * @param consumer the name of the consumer that handles it
	 * @param sequence the sequence of the message in the stream, for people
	 * @param secret a token that nobody else can guess: the server removes a schedule for
	 * anybody who may publish and knows its subject
	 * @return the subject
	 */
	public static String retry(String stream, String consumer, long sequence, String secret) {
		return PREFIX + stream + ".retry." + token(consumer) + "." + sequence + "." + secret;
	}

	/**
	 * Returns the subject of a job that recurs.
	 * @param stream the name of the stream
	 * @param owner the application that declares it
	 * @param name the name of the schedule
	 * @param key without which nobody can guess the subject
	 * @return the subject
	 */
	public static String recurring(String stream, String owner, String name, SigningKey key) {
		return parent(recurring(stream, owner, name)) + secret("recurring", stream, key, owner, name);
	}

	/**
	 * Returns the subject that stands for a job that recurs, whatever the key.
	 * @param stream the name of the stream
	 * @param owner the application that declares it
	 * @param name the name of the schedule
	 * @return a subject with a wildcard
	 */
	public static String recurring(String stream, String owner, String name) {
		return PREFIX + stream + ".recurring." + token(owner) + "." + token(name) + ".*";
	}

	/**
	 * Returns the subject that stands for all recurring jobs of an application.
	 * @param stream the name of the stream
	 * @param owner the application that declares them
	 * @return a subject with a wildcard
	 */
	public static String recurring(String stream, String owner) {
		return PREFIX + stream + ".recurring." + token(owner) + ".>";
	}

	private static String parent(String wildcard) {
		return wildcard.substring(0, wildcard.length() - 1);
	}

	// The server removes a schedule for anybody who may publish and knows its subject
	private static String secret(String kind, String stream, SigningKey key, String... names) {
		SigningKey.Signature signature = key.sign(kind + "-subject").add(stream);
		for (String name : names) {
			signature.add(name);
		}
		return signature.end();
	}

	/**
	 * Returns whether a stream listens on the subjects of its schedules.
	 * @param stream the name of the stream
	 * @param subjects all subjects of the stream
	 * @return whether one of them covers the schedules
	 */
	public static boolean isAmong(Collection<String> subjects, String stream) {
		String[] wanted = all(stream).split("\\.");
		return subjects.stream().anyMatch((subject) -> covers(subject.split("\\."), wanted));
	}

	private static boolean covers(String[] subject, String[] wanted) {
		for (int i = 0; i < subject.length; i++) {
			if (subject[i].equals(">")) {
				return true;
			}
			if (i >= wanted.length || wanted[i].equals(">")
					|| !(subject[i].equals("*") || subject[i].equals(wanted[i]))) {
				return false;
			}
		}
		return false;
	}

	/**
	 * Makes one token of a text, which may have dots, wildcards and spaces. Different
	 * texts become different tokens.
	 */
	static String token(String text) {
		StringBuilder token = new StringBuilder();
		for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
			char character = (char) (octet & 0xff);
			if (character < 128 && (Character.isLetterOrDigit(character) || PLAIN.indexOf(character) >= 0)) {
				token.append(character);
			}
			else {
				token.append("%%%02X".formatted((int) character));
			}
		}
		return token.toString();
	}

	/**
	 * Returns a subject as it may be said: the last token of a schedule's is a signature
	 * that nobody else may know.
	 * @param subject any subject
	 * @return the subject, or those of all schedules of the stream
	 */
	public static String said(String subject) {
		if (!subject.startsWith(PREFIX)) {
			return subject;
		}
		int end = subject.indexOf('.', PREFIX.length());
		return (end < 0) ? subject : subject.substring(0, end) + ".>";
	}

}
