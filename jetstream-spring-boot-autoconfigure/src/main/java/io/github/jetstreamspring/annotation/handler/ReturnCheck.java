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

package io.github.jetstreamspring.annotation.handler;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.scheduling.annotation.Async;
import org.springframework.util.ClassUtils;

/**
 * Checks what a handler method returns.
 */
final class ReturnCheck {

	private static final boolean COROUTINES = ClassUtils.isPresent("kotlinx.coroutines.reactor.MonoKt",
			ReturnCheck.class.getClassLoader())
			&& ClassUtils.isPresent("kotlin.reflect.full.KCallables", ReturnCheck.class.getClassLoader());

	private final TargetMethod method;

	private final boolean batch;

	private final ProblemCollector problems;

	ReturnCheck(TargetMethod method, boolean batch, ProblemCollector problems) {
		this.method = method;
		this.batch = batch;
		this.problems = problems;
	}

	void check() {
		ReturnKind kind = ReturnKind.of(this.method);
		String type = this.method.returnType().toClass().getSimpleName();
		switch (kind) {
			case SEVERAL ->
				this.problems.add("the method returns %s, which may have any number of values".formatted(type),
						"Return what completes once, when all is done: a Mono, as of flux.then().");
			case FUTURE ->
				this.problems.add("the method returns %s, which tells nobody when it is done".formatted(type),
						"Return a CompletableFuture, a Mono, or void.");
			default -> checkReply(kind);
		}
		if (this.method.isSuspending() && !COROUTINES) {
			this.problems.add("the method is a suspending function, which can't be called without Reactor's coroutines",
					"Add the dependencies org.jetbrains.kotlinx:kotlinx-coroutines-reactor and org.jetbrains.kotlin:kotlin-reflect.");
		}
		if (kind == ReturnKind.SYNCHRONOUS && isAsync()) {
			this.problems.add("the method is @Async, and its message would be acked before its work is done",
					"Remove @Async, as listeners have threads of their own, or return a CompletableFuture.");
		}
	}

	private boolean isAsync() {
		return this.method.hasMethodAnnotation(Async.class)
				|| AnnotatedElementUtils.hasAnnotation(this.method.beanType(), Async.class)
				|| AnnotatedElementUtils.hasAnnotation(this.method.getMethod().getDeclaringClass(), Async.class);
	}

	private void checkReply(ReturnKind kind) {
		Class<?> type = kind.valueType(this.method);
		boolean reply = this.method.sendTo().isPresent();
		boolean isVoid = kind.isVoid(this.method);
		if (reply && this.batch) {
			this.problems.add("the method takes batches and has @SendTo, but there is no one message its result is for",
					"Remove @SendTo; to publish results, inject JetStreamTemplate.");
		}
		else if (reply && isVoid) {
			this.problems.add("the method has @SendTo, but returns nothing to send",
					"Return the result, or remove @SendTo.");
		}
		else if (!reply && kind == ReturnKind.SYNCHRONOUS && !isVoid) {
			this.problems.add("the method returns %s, which goes nowhere".formatted(type.getSimpleName()),
					"Return void; to publish the result, add @SendTo(\"<subject>\") or inject JetStreamTemplate.");
		}
	}

}
