"""What is printed: form descriptions (data under ``resources/forms``) and a record become a PDF."""
