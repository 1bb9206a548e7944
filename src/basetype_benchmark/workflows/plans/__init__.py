"""What a campaign is to do, made before anything is done."""
