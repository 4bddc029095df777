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

import java.lang.annotation.Annotation;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.jetstreamspring.listener.UnprocessableMessageException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.validation.BeanPropertyBindingResult;
import org.springframework.validation.BindingResult;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;
import org.springframework.validation.SmartValidator;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.ValidationAnnotationUtils;

/**
 * Validates the payloads of a parameter.
 *
 * @param validator the validator
 * @param name the parameter's name
 * @param groups the groups to validate; none for the default one
 */
record PayloadValidator(Validator validator, String name, Object[] groups) {

	// Whatever isn't the index of a list; a key may have brackets itself
	private static final Pattern KEY = Pattern.compile("\\[(?!\\d{1,6}\\]).*\\]", Pattern.DOTALL);

	/**
	 * Whether the payloads of a parameter are to be validated.
	 * @param parameter the parameter
	 * @return whether an annotation says so
	 */
	static boolean isFor(MethodParameter parameter) {
		return groups(parameter) != null;
	}

	/**
	 * Creates a validator.
	 * @param parameter the parameter
	 * @param validator the validator, if there is one
	 * @return the validator, or {@code null} if there is nothing to validate
	 */
	static @Nullable PayloadValidator of(MethodParameter parameter, @Nullable Validator validator) {
		Object[] groups = groups(parameter);
		return (validator != null && groups != null)
				? new PayloadValidator(validator, String.valueOf(parameter.getParameterName()), groups) : null;
	}

	private static Object @Nullable [] groups(MethodParameter parameter) {
		for (Annotation annotation : parameter.getParameterAnnotations()) {
			Object[] groups = ValidationAnnotationUtils.determineValidationHints(annotation);
			if (groups != null) {
				return groups;
			}
		}
		return null;
	}

	/**
	 * Validates a payload.
	 * @param payload the payload
	 * @throws UnprocessableMessageException if it is not valid
	 */
	void validate(Object payload) {
		BindingResult result = new BeanPropertyBindingResult(payload, this.name);
		if (this.groups.length > 0 && this.validator instanceof SmartValidator smart) {
			smart.validate(payload, result, this.groups);
		}
		else {
			this.validator.validate(payload, result);
		}
		if (result.hasErrors()) {
			throw new UnprocessableMessageException("The payload is not valid: "
					+ result.getAllErrors().stream().map(PayloadValidator::describe).collect(Collectors.joining(", ")),
					null);
		}
	}

	// Names what is wrong, never the values, nor the keys of maps, which are the
	// payload's
	private static String describe(ObjectError error) {
		String where = (error instanceof FieldError field) ? KEY.matcher(field.getField()).replaceAll("[*]")
				: error.getObjectName();
		return where + " (" + error.getCode() + ")";
	}

}
