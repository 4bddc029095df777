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

package io.github.jetstreamspring.listener;

/**
 * A listener is to handle each message once, but the application lacks something for it.
 *
 * @since 0.1.0
 */
public class OnceUnavailableException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	private final String fix;

	/**
	 * Creates an exception.
	 * @param problem what is wrong, a part of a sentence
	 * @param fix what to do about it
	 */
	public OnceUnavailableException(String problem, String fix) {
		super(problem);
		this.fix = fix;
	}

	/**
	 * Returns what to do about it.
	 * @return one or more sentences
	 */
	public String getFix() {
		return this.fix;
	}

}
